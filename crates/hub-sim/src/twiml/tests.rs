use super::messages;

fn check(document: &str, expect: Option<&[&str]>) {
    let expect = expect.map(|texts| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    assert_eq!(messages(document), expect, "{document}");
}

#[test]
fn texts_of_documents() {
    check("", None);
    check("OK", None);
    check(r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#, Some(&[]));
    check("<Response></Response>", Some(&[]));
    check("<Response><Message>Hi &amp; bye &#380;</Message></Response>", Some(&["Hi & bye ż"]));
    check(
        r#"<Response><Message to="x"><Body>A &lt; B</Body><Media>u</Media></Message><Message>C</Message></Response>"#,
        Some(&["A < B", "C"]),
    );
    check("<Response><Message/></Response>", Some(&[""]));
    check("<Response><Messages>no</Messages></Response>", Some(&[]));
    check("<Response><Message>AT&T</Message></Response>", Some(&["AT&T"]));
}
