use super::*;
use crate::invented::{Chance, cosine};

#[test]
fn lengths_and_angles_stay() {
    let mut chance = Chance::new(3);
    for dimension in [1, 2, 3, 7, 64, 100, 768, 1000, 1536, 3072] {
        let (a, b) = (chance.vector(dimension), chance.vector(dimension));
        let (mut c, mut d) = (a.clone(), b.clone());
        rotate(&mut c);
        rotate(&mut d);
        let square = |vector: &[f32]| vector.iter().map(|n| f64::from(*n) * f64::from(*n)).sum::<f64>();
        assert!((square(&a) - square(&c)).abs() < 1e-5 * square(&a), "{dimension}");
        assert!((cosine(&a, &b) - cosine(&c, &d)).abs() < 1e-5, "{dimension}");
    }
    rotate(&mut []);
}

#[test]
fn what_stood_in_one_number_is_spread_over_all() {
    for dimension in [768, 1024, 1536, 3072] {
        for at in [0, 1, dimension / 2, dimension - 1] {
            let mut vector = vec![0.0; dimension];
            vector[at] = 1.0;
            rotate(&mut vector);
            let largest = vector.iter().fold(0.0_f32, |most, number| most.max(number.abs()));
            assert!(largest < 0.3, "{largest} at {at} of {dimension}");
        }
    }
}

#[test]
fn the_flips_are_those_of_the_file_format() {
    let mut vector: Vec<f32> = [1.0, 2.0, 3.0].into();
    rotate(&mut vector);
    // Files on disk were written with exactly this: another result needs another version of the format.
    let printed: Vec<String> = vector.iter().map(|number| format!("{number:.4}")).collect();
    assert_eq!(printed, ["2.3062", "-1.8384", "2.3025"]);
}
