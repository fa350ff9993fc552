use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn it_is_the_set_that_it_says(rows in 0_usize..300, members in prop::collection::vec(0_usize..320, 0..80)) {
        let mut bitmap = Bitmap::none(rows);
        let mut oracle = BTreeSet::new();
        for member in members {
            let is_new = member < rows && oracle.insert(member);
            prop_assert_eq!(bitmap.insert(member), is_new);
        }
        prop_assert_eq!(bitmap.count(), oracle.len());
        for row in 0..330 {
            prop_assert_eq!(bitmap.contains(row), oracle.contains(&row));
            prop_assert_eq!(bitmap.half_word(row / 32) >> (row % 32) & 1 == 1, oracle.contains(&row));
        }
        let complement = bitmap.complement();
        prop_assert_eq!(complement.count(), rows - oracle.len());
        prop_assert_eq!(&complement.complement(), &bitmap);
        prop_assert_eq!(Bitmap::from_words(bitmap.words().to_vec(), rows), Some(bitmap.clone()));
        let mut seen = Vec::new();
        bitmap.runs(|first, length| seen.extend(first..first + length));
        prop_assert!(seen.iter().eq(&oracle));
        bitmap.retain(|row| row % 3 == 0);
        prop_assert_eq!(bitmap.count(), oracle.iter().filter(|row| *row % 3 == 0).count());
    }
}

#[test]
fn words_with_rows_beyond_the_last_are_refused() {
    assert!(Bitmap::from_words(vec![0b111], 3).is_some());
    assert!(Bitmap::from_words(vec![0b1111], 3).is_none());
    assert!(Bitmap::from_words(vec![], 3).is_none());
    assert!(Bitmap::from_words(vec![0, 0], 3).is_none());
}

#[test]
fn runs_are_as_long_as_a_word() {
    let mut runs = Vec::new();
    Bitmap::all(130).runs(|first, length| runs.push((first, length)));
    assert_eq!(runs, [(0, 64), (64, 64), (128, 2)]);
}
