use proptest::prelude::*;

use super::*;

#[test]
fn the_exact_form() {
    for (text, expect) in [
        ("+48500100200", Ok(())),
        ("+15005550006", Ok(())),
        ("+1234567", Ok(())),
        ("+123456789012345", Ok(())),
        ("", Err(PhoneError::Empty)),
        ("48500100200", Err(PhoneError::MissingPlus)),
        ("+48 500100200", Err(PhoneError::NotDigits)),
        ("+4850010020٠", Err(PhoneError::NotDigits)),
        ("+048500100200", Err(PhoneError::LeadingZero)),
        ("+123456", Err(PhoneError::TooShort)),
        ("+", Err(PhoneError::TooShort)),
        ("+1234567890123456", Err(PhoneError::TooLong)),
        (" +48500100200", Err(PhoneError::MissingPlus)),
    ] {
        assert_eq!(PhoneNumber::parse(text).map(|_| ()), expect, "{text:?}");
    }
}

#[test]
fn what_people_type() {
    for (text, expect) in [
        ("500100200", Ok("+48500100200")),
        (" 500 100 200 ", Ok("+48500100200")),
        ("500-100-200", Ok("+48500100200")),
        ("500.100.200", Ok("+48500100200")),
        ("(50) 010 02 00", Ok("+48500100200")),
        ("50/010 02 00", Ok("+48500100200")),
        ("500\u{a0}100\u{a0}200", Ok("+48500100200")),
        ("500\u{2011}100\u{2013}200", Ok("+48500100200")),
        ("\u{202a}+48 500 100 200\u{202c}", Ok("+48500100200")),
        ("48500100200", Ok("+48500100200")),
        ("48 500 100 200", Ok("+48500100200")),
        ("+48 500 100 200", Ok("+48500100200")),
        ("0048 500 100 200", Ok("+48500100200")),
        ("+00 48 500 100 200", Ok("+48500100200")),
        ("+48 (0) 50 010 02 00", Ok("+48500100200")),
        ("0048 (0)50 010 02 00", Ok("+48500100200")),
        ("15005550006", Ok("+15005550006")),
        ("+1 (500) 555-0006", Ok("+15005550006")),
        ("5005550006", Ok("+5005550006")),
        ("+1234567", Ok("+1234567")),
        ("+1 500 555 00", Ok("+150055500")),
        ("\u{feff}500100200", Ok("+48500100200")),
        ("", Err(PhoneError::Empty)),
        (" - ", Err(PhoneError::Empty)),
        ("0500100200", Err(PhoneError::LeadingZero)),
        ("(0) 500 100 200", Err(PhoneError::LeadingZero)),
        ("000500100200", Err(PhoneError::LeadingZero)),
        ("12345678", Err(PhoneError::TooShort)),
        ("+48 500", Err(PhoneError::TooShort)),
        ("+", Err(PhoneError::TooShort)),
        ("500 100 200, 500 100 201", Err(PhoneError::NotDigits)),
        ("++48500100200", Err(PhoneError::NotDigits)),
        ("tel. 500 100 200", Err(PhoneError::NotDigits)),
        ("٥٠٠١٠٠٢٠٠", Err(PhoneError::NotDigits)),
        ("5001002005001002", Err(PhoneError::TooLong)),
    ] {
        let read = PhoneNumber::from_typed(text);
        assert_eq!(read.as_ref().map(PhoneNumber::as_str), expect.as_ref().copied(), "{text:?}");
    }
}

#[test]
fn shown_and_hidden() {
    for (text, grouped, masked) in [
        ("+48500100200", "+48 500 100 200", "+48*****200"),
        ("+4850010020", "+4850010020", "+48*****020"),
        ("+15005550006", "+15005550006", "+15*****006"),
        ("+1234567", "+1234567", "*****567"),
    ] {
        let number = PhoneNumber::parse(text).unwrap();
        assert_eq!(number.display_grouped(), grouped);
        assert_eq!(number.masked(), masked);
    }
}

#[test]
fn calling_codes() {
    let number = PhoneNumber::parse("+48500100200").unwrap();
    assert!(number.is_polish() && number.has_calling_code("48") && !number.has_calling_code("1"));
    assert!(!PhoneNumber::parse("+15005550006").unwrap().is_polish());
}

#[test]
fn json_is_the_text_and_is_checked() {
    let number: PhoneNumber = serde_json::from_str("\"+48500100200\"").unwrap();
    assert_eq!(serde_json::to_string(&number).unwrap(), "\"+48500100200\"");
    let refusal = serde_json::from_str::<PhoneNumber>("\"500100200\"").unwrap_err().to_string();
    assert!(!refusal.contains("500100200\""), "{refusal}");
}

proptest! {
    #[test]
    fn whatever_is_typed_reads_into_the_exact_form_or_not_at_all(text in "[ +0-9()./\u{a0}-]{0,22}|.*") {
        if let Ok(number) = PhoneNumber::from_typed(&text) {
            prop_assert_eq!(PhoneNumber::parse(number.as_str()), Ok(number.clone()));
            prop_assert_eq!(PhoneNumber::from_typed(number.as_str()), Ok(number.clone()));
            prop_assert_eq!(PhoneNumber::from_typed(&number.display_grouped()), Ok(number));
        }
    }

    #[test]
    fn masks_hide_at_least_four_signs(text in "\\+?[a-z0-9]{0,20}") {
        let shown = mask(&text).chars().filter(|c| *c != '*').count();
        prop_assert!(shown == 0 || shown + 4 <= text.len(), "{}", mask(&text));
    }
}
