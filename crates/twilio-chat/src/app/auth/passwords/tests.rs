use super::*;

#[test]
fn nobodys_hash_costs_what_a_persons_does() {
    let cost = |text: &str| text.rsplitn(3, '$').last().map(str::to_owned);
    let hash = hashed("poranna kawa", &[7; 16]).unwrap();
    assert_eq!(cost(&hash), cost(NOBODY));
    assert!(PasswordHash::new(NOBODY).is_ok(), "an unreadable one would be refused at once");
}
