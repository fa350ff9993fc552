use proptest::prelude::*;

use super::*;

fn places(top: Top<u32>) -> Vec<u32> {
    top.into_sorted().iter().map(|scored| scored.place).collect()
}

proptest! {
    #[test]
    fn the_best_are_kept_in_order(scores in prop::collection::vec(-3_i8..3, 0..60), room in 0_usize..12, split in 0_usize..60) {
        let mut sorted: Vec<(u32, f32)> = (0..).zip(scores.iter().map(|score| f32::from(*score))).collect();
        sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let expected: Vec<u32> = sorted.iter().take(room).map(|scored| scored.0).collect();
        let (mut first, mut second) = (Top::new(room), Top::new(room));
        for (place, score) in (0_u32..).zip(&scores) {
            let top = if usize::try_from(place).unwrap() < split { &mut first } else { &mut second };
            top.offer(f32::from(*score), place);
        }
        first.merge(second);
        prop_assert_eq!(places(first), expected);
    }
}

#[test]
fn what_is_no_number_is_not_kept() {
    let mut top = Top::new(2);
    top.offer(f32::NAN, 0_u32);
    top.offer(-1.0, 1);
    top.offer(-f32::NAN, 2);
    assert_eq!(places(top), [1]);
}
