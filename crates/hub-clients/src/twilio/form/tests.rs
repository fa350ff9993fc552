//! What a form keeps, what it refuses, and that nothing makes it panic.

use proptest::prelude::*;

use super::*;

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn everything_sent_is_kept() {
    let check = |form: &str, expect: &[(&str, &str)]| {
        assert_eq!(parse(form.as_bytes()), Ok(fields(expect)), "{form}");
    };
    check("", &[]);
    check("&&", &[]);
    check("b=2&a=1&b=2", &[("b", "2"), ("a", "1"), ("b", "2")]);
    check("Body=&From=%2B48500100200", &[("Body", ""), ("From", "+48500100200")]);
    check("Body&x=1", &[("Body", ""), ("x", "1")]);
    check("=x", &[("", "x")]);
    check("a=b=c", &[("a", "b=c")]);
    check("a=+b+%2B%20c", &[("a", " b + c")]);
    check("a=++a%0D%0Ab+", &[("a", "  a\r\nb ")]);
    check("Za%c5%BC=%F0%9F%91%8D", &[("Zaż", "👍")]);
    check("a=ż", &[("a", "ż")]);
    check("a%3Db=c%26d", &[("a=b", "c&d")]);
    check("a=1;b=2", &[("a", "1;b=2")]);
    check("a=%00", &[("a", "\0")]);
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let check = |form: &[u8], expect: FormError| {
        assert_eq!(parse(form), Err(expect), "{}", String::from_utf8_lossy(form));
    };
    for form in ["a=%", "a=%4", "a=%zz", "a=%4g", "%=a", "a=%4&b=1", "a=%%41", "a=%+1"] {
        check(form.as_bytes(), FormError::BadEscape);
    }
    check(b"a=%FF", FormError::NotUtf8);
    check(b"a=%C5", FormError::NotUtf8);
    check(b"%C5=%BC", FormError::NotUtf8);
    check(b"a=\xff", FormError::NotUtf8);
    check(b"a=%ED%A0%80", FormError::NotUtf8);
}

#[test]
fn fields_are_counted() {
    let form = |count: usize| vec!["a=1"; count].join("&&");
    assert_eq!(parse(form(MAX_FIELDS).as_bytes()).map(|fields| fields.len()), Ok(MAX_FIELDS));
    assert_eq!(parse(form(MAX_FIELDS + 1).as_bytes()), Err(FormError::TooManyFields));
}

proptest! {
    #[test]
    fn bytes_never_panic(form in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&form);
    }

    #[test]
    fn forms_go_round(sent in prop::collection::vec((any::<String>(), any::<String>()), 0..20)) {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&sent).finish();
        prop_assert_eq!(parse(form.as_bytes()), Ok(sent));
    }
}
