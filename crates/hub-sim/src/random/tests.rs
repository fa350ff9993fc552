use super::Random;

#[test]
fn same_seed_same_stream() {
    let sids = |seed| {
        let mut random = Random::new(seed);
        (random.sid("SM"), random.token(), random.between(3, 9))
    };
    assert_eq!(sids(7), sids(7));
    assert_ne!(sids(7), sids(8));
    let (sid, token, number) = sids(7);
    assert_eq!((sid.len(), token.len()), (34, 36));
    assert!((3..=9).contains(&number));
}

#[test]
fn chances_are_about_right() {
    let mut random = Random::new(1);
    let mut hits = |probability| (0..10_000).filter(|_| random.chance(probability)).count();
    assert_eq!(hits(0.0), 0);
    assert_eq!(hits(1.0), 10_000);
    assert!((2_300..2_700).contains(&hits(0.25)));
}
