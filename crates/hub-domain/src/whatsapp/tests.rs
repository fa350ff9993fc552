use super::*;
use crate::{ids::MessageSid, message::Media};

const SID: &str = "HXb5b62575e6e4ff6129ad7c8efe1f983e";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn the_window_lasts_a_day_from_the_last_inbound() {
    const DAY: i64 = 86_400;
    let until = at(100 + DAY);
    for (last, now, expect) in [
        (None, 100, Window::Closed),
        (Some(100), 100, Window::Open { until }),
        (Some(100), 99 + DAY, Window::Open { until }),
        (Some(100), 100 + DAY, Window::Closed),
        (Some(100), 200 + DAY, Window::Closed),
        (Some(100), 90, Window::Open { until }),
    ] {
        assert_eq!(window(last.map(at), at(now)), expect, "{last:?} {now}");
    }
    assert_eq!(window(Some(Timestamp::MAX), at(0)), Window::Closed, "a nonsense time opens nothing");
}

#[test]
fn only_whatsapp_has_a_window() {
    for (to, last, expect) in [
        ("+48500100200", None, true),
        ("whatsapp:+48500100200", None, false),
        ("whatsapp:+48500100200", Some(0), false),
        ("whatsapp:+48500100200", Some(99_000), true),
        ("whatsapp:PL.1234", None, false),
        ("rcs:sklep", None, true),
    ] {
        let address = Address::from_provider(to).unwrap();
        assert_eq!(may_send_free_form(&address, last.map(at), at(100_000)), expect, "{to} {last:?}");
    }
}

#[test]
fn a_template_is_read() {
    for (variables, count, json) in [
        ("", 0, None),
        (" {} ", 0, None),
        (r#"{"1":"Anna","2":"12:30"}"#, 2, Some(r#"{"1":"Anna","2":"12:30"}"#)),
        (r#"{ "2": "ą\"", "imię": "" }"#, 2, Some(r#"{"2":"ą\"","imię":""}"#)),
    ] {
        let template = Template::from_json(&format!(" {SID}\n"), variables).unwrap();
        assert_eq!(template.content_sid(), SID);
        assert_eq!(template.variables().len(), count, "{variables}");
        assert_eq!(template.variables_json().as_deref(), json, "{variables}");
    }
}

#[test]
fn a_wrong_template_says_why() {
    let long = format!(r#"{{"1":"{}","2":"{}"}}"#, "ą".repeat(1000), "b".repeat(25));
    for (sid, variables, expect) in [
        ("", "", TemplateError::Sid),
        ("HX", "", TemplateError::Sid),
        (&SID[..33], "", TemplateError::Sid),
        (&format!("{SID}0"), "", TemplateError::Sid),
        (&SID.replace("HX", "MG"), "", TemplateError::Sid),
        (&SID.replace('f', "g"), "", TemplateError::Sid),
        (SID, "Anna", TemplateError::NotAnObject),
        (SID, "null", TemplateError::NotAnObject),
        (SID, r#"["Anna"]"#, TemplateError::NotAnObject),
        (SID, r#"{"1":"Anna""#, TemplateError::NotAnObject),
        (SID, r#"{"1":5}"#, TemplateError::NotAString("1".into())),
        (SID, r#"{"1":"a","imię":null}"#, TemplateError::NotAString("imię".into())),
        (SID, &long, TemplateError::TooLong),
    ] {
        assert_eq!(Template::from_json(sid, variables), Err(expect), "{sid} {variables}");
    }
    let error = Template::from_json(SID, r#"{"1":5}"#).unwrap_err().to_string();
    assert_eq!(error, r#"content_variables: the value of "1" must be a string"#);
}

fn inbound(body: &str, fields: &[(&str, &str)], media: &[&str]) -> Inbound {
    let media = media.iter().map(|kind| Media {
        url: "https://api.twilio.com/media/1".into(),
        content_type: Some((*kind).into()),
    });
    Inbound {
        sid: MessageSid::parse("SM1").unwrap(),
        from: Address::from_provider("whatsapp:+48500100200").unwrap(),
        to: Address::from_provider("whatsapp:+15005550006").unwrap(),
        body: body.into(),
        media: media.collect(),
        opt_out_type: None,
        other_fields: fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
    }
}

#[test]
fn a_press_is_what_was_read_and_what_was_behind_it() {
    for (body, fields, pressed, heard) in [
        ("Tak", &[][..], None, "Tak"),
        ("Tak", &[("ButtonText", "Tak"), ("ButtonPayload", "yes-17")], Some(("Tak", Some("yes-17"))), "Tak"),
        ("", &[("ButtonText", "Tak")], Some(("Tak", None)), "Tak"),
        (" Tak ", &[("ButtonPayload", "yes-17")], Some(("Tak", Some("yes-17"))), "Tak"),
        ("", &[("ButtonPayload", "yes-17")], Some(("yes-17", Some("yes-17"))), "yes-17"),
        ("", &[("ListTitle", "Piątek"), ("ListId", "d5")], Some(("Piątek", Some("d5"))), "Piątek"),
        (
            "Bez ofert",
            &[("ButtonText", "Bez ofert"), ("ButtonPayload", "STOP")],
            Some(("Bez ofert", Some("STOP"))),
            "STOP",
        ),
        ("Tak", &[("ButtonText", " "), ("ButtonPayload", "")], None, "Tak"),
    ] {
        let inbound = inbound(body, fields, &[]);
        let expect = pressed.map(|(text, payload)| Press { text, payload });
        assert_eq!(press(&inbound), expect, "{body} {fields:?}");
        assert_eq!(spoken(&inbound), heard, "{body} {fields:?}");
    }
}

#[test]
fn every_message_has_something_to_show() {
    let place = [("Latitude", "52.2297"), ("Longitude", "21.0122")];
    for (body, fields, media, expect) in [
        ("  hej ", &place[..], &[][..], "  hej "),
        ("", &place, &[], "📍 52.2297,21.0122"),
        (
            " ",
            &[place[0], place[1], ("Label", "Kawiarnia"), ("Address", "Złota 1")],
            &[],
            "📍 52.2297,21.0122 Kawiarnia, Złota 1",
        ),
        (
            "",
            &[place[0], place[1], ("Label", "Złota 1"), ("Address", "Złota 1")],
            &[],
            "📍 52.2297,21.0122 Złota 1",
        ),
        ("", &[("Latitude", "52.2"), ("Longitude", "")], &[], ""),
        ("", &[("ButtonText", "Tak"), place[0], place[1]], &[], "Tak"),
        ("", &[], &["text/vcard"], "👤 vCard"),
        ("", &[], &["image/jpeg"], ""),
    ] {
        assert_eq!(display_body(&inbound(body, fields, media)), expect, "{body} {fields:?} {media:?}");
    }
}

#[test]
fn what_was_pressed_is_the_text_of_an_empty_message() {
    for (body, fields, kept) in [
        ("Hej ", &[][..], "Hej "),
        ("", &[], ""),
        ("", &[("ButtonText", "Tak, poproszę")], "Tak, poproszę"),
        (" ", &[("ButtonText", "Tak"), ("ButtonPayload", "yes-1")], "Tak"),
        ("", &[("ListTitle", "Wtorek"), ("ListId", "2")], "Wtorek"),
        ("Tak\n", &[("ButtonText", "Tak")], "Tak\n"),
        // A place on the map is shown as such, but nobody wrote it.
        ("", &[("Latitude", "52.2"), ("Longitude", "21.0")], ""),
    ] {
        assert_eq!(written(&inbound(body, fields, &[])), kept, "{body:?} {fields:?}");
    }
}

#[test]
fn a_profile_name_is_one_short_line() {
    let long = "ą".repeat(300);
    for (given, kept) in [
        ("Anna Nowak", Some("Anna Nowak")),
        ("  Anna\n\tNowak ", Some("Anna  Nowak")),
        ("👩‍🦰", Some("👩‍🦰")),
        (" ", None),
        (&long, Some(&long[..200])),
    ] {
        let inbound = inbound("", &[("ProfileName", given)], &[]);
        assert_eq!(profile_name(&inbound).as_deref(), kept, "{given:?}");
    }
    assert_eq!(profile_name(&inbound("Hej", &[], &[])), None);
}
