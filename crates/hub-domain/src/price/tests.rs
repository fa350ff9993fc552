use super::{Money, Prices};
use crate::address::Address;

fn pln(micros: u64) -> Money {
    Money { micros, currency: "PLN".to_owned() }
}

#[test]
fn amounts_are_read_as_people_write_them() {
    for (amount, micros) in [
        ("0.16", Some(160_000)),
        ("0,16", Some(160_000)),
        ("1", Some(1_000_000)),
        ("0.0425", Some(42_500)),
        ("0.000001", Some(1)),
        ("", None),
        (".5", None),
        ("-1", None),
        ("0.0000001", None),
        ("1e3", None),
        ("1.2.3", None),
        ("9999999999", None),
    ] {
        assert_eq!(Money::parse(amount, "PLN"), micros.map(pln), "{amount:?}");
    }
    for currency in ["", "zł", "pln", "PLNX"] {
        assert_eq!(Money::parse("1", currency), None, "{currency:?}");
    }
}

#[test]
fn amounts_are_written_with_the_decimals_they_have() {
    for (micros, text) in
        [(160_000, "0.16"), (1_000_000, "1.00"), (42_500, "0.0425"), (1, "0.000001"), (0, "0.00")]
    {
        assert_eq!(pln(micros).to_string(), text);
    }
    assert_eq!(pln(42_500).times(3).to_string(), "0.1275");
}

#[test]
fn a_price_goes_by_country_unless_the_operator_says_what_they_pay() {
    let to = |text| Address::from_provider(text).unwrap();
    let listed = |text| Prices::List.of_segment(&to(text)).map(|price| price.to_string());
    assert_eq!(listed("+48500100200").as_deref(), Some("0.04"));
    assert_eq!(listed("+15005550006").as_deref(), Some("0.0083"));
    assert_eq!(listed("+442079460000"), None);
    assert_eq!(listed("whatsapp:+48500100200"), None);
    let flat = Prices::Flat(pln(160_000));
    assert_eq!(flat.of_segment(&to("+442079460000")), Some(pln(160_000)));
    assert_eq!(flat.of_segment(&to("whatsapp:+48500100200")), None);
}
