use super::*;

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let base = [("MessageSid", "SM1"), ("From", "+48500100200"), ("To", "+15005550006")];
    base.iter().chain(pairs).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn without(name: &str) -> Vec<(String, String)> {
    fields(&[("Body", "x")]).into_iter().filter(|(key, _)| key != name).collect()
}

#[test]
fn missing_or_ambiguous_fields_are_named() {
    for name in ["MessageSid", "From", "To"] {
        assert_eq!(parse(without(name)).unwrap_err(), Fault { field: name, reason: "is missing" });
    }
    assert_eq!(parse(fields(&[("From", "+48500100201")])).unwrap_err().field, "From");
    assert!(parse(fields(&[("From", "+48500100200")])).is_ok());
    assert_eq!(parse(fields(&[("Body", "a"), ("Body", "b")])).unwrap_err().field, "Body");
}

#[test]
fn a_picture_without_text_and_a_text_to_the_byte_are_kept() {
    assert_eq!(parse(fields(&[])).unwrap().body, "");
    let text = "  a\r\nb\u{0} Zażółć 👍 ";
    assert_eq!(parse(fields(&[("Body", text)])).unwrap().body, text);
}

#[test]
fn any_number_of_media_is_kept_in_order_whatever_num_media_says() {
    let mut pairs = vec![("NumMedia".to_owned(), "two".to_owned())];
    for index in (0..12).rev() {
        pairs.push((format!("MediaUrl{index}"), format!("https://m.test/{index}")));
    }
    pairs.push(("MediaContentType3".to_owned(), "image/png".to_owned()));
    let borrowed: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let inbound = parse(fields(&borrowed)).unwrap();
    let urls: Vec<String> = (0..12).map(|index| format!("https://m.test/{index}")).collect();
    assert_eq!(inbound.media.iter().map(|m| m.url.clone()).collect::<Vec<_>>(), urls);
    assert_eq!(inbound.media[3].content_type.as_deref(), Some("image/png"));
    assert_eq!(inbound.other_fields, []);
}

#[test]
fn fields_we_do_not_know_are_kept_unless_empty() {
    let inbound = parse(fields(&[("ProfileName", "Żaneta"), ("FromCity", ""), ("SmsSid", "SM1")])).unwrap();
    assert_eq!(inbound.other_fields, [("ProfileName".to_owned(), "Żaneta".to_owned())]);
}
