use super::*;
use crate::invented::Chance;

#[test]
fn every_instruction_set_gives_the_products_of_the_oracle() {
    let mut chance = Chance::new(1);
    for dimension in (1..140).chain([255, 256, 257, 768, 1000, 1536, 3072]) {
        for rows in [0, 1, 3] {
            let query = chance.vector(dimension);
            let vectors = chance.vector(dimension * rows);
            for kernel in Kernel::all() {
                let mut products = vec![f32::NAN; rows];
                kernel.dots(&query, &vectors, &mut products);
                for (row, product) in vectors.chunks(dimension).zip(&products) {
                    let terms = query.iter().zip(row).map(|(a, b)| f64::from(*a) * f64::from(*b));
                    let (truth, size) =
                        terms.fold((0.0, 0.0), |(sum, size), term| (sum + term, size + term.abs()));
                    let error = (f64::from(*product) - truth).abs();
                    assert!(error <= 1e-6 * size + 1e-12, "{kernel:?} at {dimension}: {product} for {truth}");
                }
            }
        }
    }
}

#[test]
fn every_instruction_set_gives_the_sums_of_the_oracle() {
    let mut chance = Chance::new(2);
    for columns in (1..=40).chain([96, 191, 192, 384, 512]) {
        for most in [1, 15, MAX_LEVEL] {
            let mut byte = |end: usize| u8::try_from(chance.below(end)).unwrap();
            let levels: Vec<[Levels; 2]> = (0..columns)
                .map(|_| std::array::from_fn(|_| std::array::from_fn(|_| byte(usize::from(most) + 1))))
                .collect();
            let block: Vec<Column> = (0..columns).map(|_| std::array::from_fn(|_| byte(256))).collect();
            check(&levels, &block);
        }
    }
}

#[test]
fn the_largest_sums_fit() {
    check(&vec![[[MAX_LEVEL; 16]; 2]; 512], &vec![[0xa5; BLOCK]; 512]);
}

fn check(levels: &[[Levels; 2]], block: &[Column]) {
    let truth: [u16; BLOCK] = std::array::from_fn(|code| {
        let worth = |([low, high], column): (&[Levels; 2], &Column)| {
            let byte = usize::from(column[code]);
            u32::from(low[byte % 16]) + u32::from(high[byte / 16])
        };
        u16::try_from(levels.iter().zip(block).map(worth).sum::<u32>()).unwrap()
    });
    for kernel in Kernel::all() {
        let mut sums = [7; BLOCK];
        kernel.sums(levels, block, &mut sums);
        assert_eq!(sums, truth, "{kernel:?} with {} columns", block.len());
    }
}

#[test]
fn instruction_sets_of_this_machine_are_found() {
    let all = Kernel::all();
    assert_eq!(all.first(), Some(&Kernel(Set::Portable)));
    assert_eq!(all.last(), Some(&Kernel::best()));
    #[cfg(target_arch = "x86_64")]
    assert_eq!(
        all.contains(&Kernel(Set::Avx2)),
        is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
    );
}
