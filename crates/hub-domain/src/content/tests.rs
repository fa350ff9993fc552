use super::*;

fn content(text: &str, samples: &[(&str, &str)]) -> Content {
    Content {
        sid: "HX01".to_owned(),
        name: "visit".to_owned(),
        language: "pl".to_owned(),
        text: text.to_owned(),
        samples: values(samples),
    }
}

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn places_stand_in_the_order_of_the_text_and_those_of_buttons_behind() {
    for (text, samples, expect) in [
        ("Wizyta {{2}} o {{1}}.", &[][..], vec!["2", "1"]),
        ("{{imie}}, {{ imie }}!", &[], vec!["imie"]),
        ("Bez pól", &[], vec![]),
        ("Zobacz {{1}}", &[("1", "a"), ("2", "kod")], vec!["1", "2"]),
        ("{{}} {{ }} {{a b}} {{{1}}} }}{{", &[], vec!["1"]),
        ("{{ż}} {{1", &[], vec![]),
    ] {
        assert_eq!(content(text, samples).places(), expect, "{text}");
    }
}

#[test]
fn values_take_their_places_once() {
    for (text, given, expect) in [
        ("Wizyta {{2}} o {{1}}.", &[("1", " 10:00 "), ("2", "jutro")][..], "Wizyta jutro o 10:00."),
        ("{{1}} i {{1}}", &[("1", "{{2}}"), ("2", "x")], "{{2}} i {{2}}"),
        ("{{1}}, {{2}}", &[("2", "b")], "{{1}}, b"),
        ("{{1}}", &[("1", "  ")], "{{1}}"),
        ("{{ 1 }} {{", &[("1", "a")], "a {{"),
        ("{{{1}}}", &[("1", "a")], "{a}"),
        ("", &[], ""),
    ] {
        assert_eq!(content(text, &[]).filled(&values(given)), expect, "{text}");
    }
}

#[test]
fn the_first_place_without_a_value_is_named() {
    let visit = content("Wizyta {{2}} o {{1}}.", &[("3", "kod")]);
    for (given, expect) in [
        (&[][..], Some("2")),
        (&[("2", "jutro")], Some("1")),
        (&[("2", "jutro"), ("1", " ")], Some("1")),
        (&[("2", "jutro"), ("1", "10:00")], Some("3")),
        (&[("2", "jutro"), ("1", "10:00"), ("3", "x")], None),
    ] {
        assert_eq!(visit.missing(&values(given)), expect, "{given:?}");
    }
}
