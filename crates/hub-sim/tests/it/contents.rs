//! The Content API: templates page by page, with what WhatsApp decided.

use crate::desk::Desk;

#[tokio::test]
async fn templates_are_listed_page_by_page_with_their_state() {
    let desk = Desk::with(|config| config.api_url = "http://127.0.0.1:4010".to_owned());
    let mut path = "/v1/ContentAndApprovals?PageSize=3".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = desk.get(&path).await.json();
        for item in page["contents"].as_array().unwrap() {
            let state = item["approval_requests"]["status"].as_str().unwrap();
            seen.push(format!("{} {state}", item["friendly_name"].as_str().unwrap()));
        }
        match page["meta"]["next_page_url"].as_str() {
            Some(next) => path = next.strip_prefix("http://127.0.0.1:4010").unwrap().to_owned(),
            None => break,
        }
    }
    let expect = [
        "przypomnienie_o_wizycie approved",
        "zamowienie_gotowe approved",
        "prosba_o_kontakt approved",
        "promocja pending",
    ];
    assert_eq!(seen, expect);
    let first = desk.get("/v1/ContentAndApprovals").await.json()["contents"][0].clone();
    assert_eq!(first["variables"]["2"], "12 grudnia");
    assert!(first["types"]["twilio/text"]["body"].as_str().unwrap().contains("{{2}}"));
}

#[tokio::test]
async fn nobody_else_sees_them() {
    assert_eq!(Desk::new().get_bare("/v1/ContentAndApprovals").await.status, 401);
}
