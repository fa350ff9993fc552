//! Choosing an approved WhatsApp template once the 24 hours are over: list, values, preview, and what leaves.

use std::time::Duration;

use hub_domain::access::Role;

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, encoded, form},
    wire::Answer,
};

const PICKER: &str = "/inbox/template";
const VISIT: &str = "HX00000000000000000000000000000001";
const WHATSAPP: &str = "whatsapp:+48500100200";

/// Anna wrote on WhatsApp, more than a day ago; her contact.
async fn a_day_later(hub: &mut TestHub) -> String {
    hub.phone(WHATSAPP).writes("Dzień dobry");
    hub.run().await;
    hub.jump(Duration::from_hours(25));
    hub.run().await;
    let found = hub.on_disk("SELECT CAST(id AS TEXT) FROM contact");
    found[0].clone()
}

/// Posted by htmx.
async fn swaps(hub: &TestHub, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = form(path).header("cookie", cookie).header("sec-fetch-site", "same-origin");
    hub.ask(request.header("hx-request", "true").body(encoded(fields).into()).unwrap()).await
}

/// The value of a hidden field.
fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap()
}

#[tokio::test]
async fn a_template_is_chosen_filled_in_and_leaves_with_its_values() {
    let mut hub = TestHub::start().await;
    let contact = a_day_later(&mut hub).await;
    let ola = hub.joins("ola", Role::Operator).await;
    let thread = hub.sees(&ola, &format!("/chat/{ANNA}")).await;
    let link = format!("/inbox/template?contact={contact}");
    assert!(thread.text().contains(&link), "asked for when the page is there");
    let list = hub.sees(&ola, &link).await;
    assert!(list.text().contains("przypomnienie_o_wizycie (pl)") && !list.text().contains("promocja"));
    let chosen = hub.sees(&ola, &format!("{link}&content_sid={VISIT}")).await;
    assert!(chosen.text().contains("Dzień dobry, {{1}}!") && chosen.text().contains("placeholder=\"10:30\""));
    let id = hidden(chosen.text(), "id").to_owned();
    let fields = [
        ("id", &*id),
        ("contact", &*contact),
        ("back", "/chat"),
        ("content_sid", VISIT),
        ("value.1", " Anna <b> "),
        ("value.2", "jutro"),
        ("value.9", "of no place"),
    ];
    let preview = swaps(&hub, &ola, "/inbox/template/preview", &fields).await;
    let shown = "Dzień dobry, Anna &#60;b&#62;! Przypominamy o wizycie jutro o godz. {{3}}.";
    assert!(preview.text().contains(shown), "{}", preview.text());
    let refused = hub.posts(&ola, PICKER, &fields).await;
    assert!(refused.status == 422 && refused.text().contains("Uzupełnij pole 3."));
    assert!(refused.text().contains("value=\"jutro\""), "what was typed is kept");
    let whole = [&fields[..], &[("value.3", "10:00")]].concat();
    let sent = swaps(&hub, &ola, PICKER, &whole).await;
    assert!(sent.status == 200 && sent.header("hx-trigger").contains("hub:toast"));
    assert!(!sent.text().contains("value=\"jutro\"") && sent.text().contains("<select"), "ready for another");
    for _ in 0..2 {
        assert_eq!(hub.posts(&ola, PICKER, &whole).await.header("location"), "/chat");
    }
    hub.advance(Duration::from_secs(10)).await;
    let got = "Dzień dobry, Anna <b>! Przypominamy o wizycie jutro o godz. 10:00.";
    assert_eq!(hub.phone(WHATSAPP).got(), [got], "once");
}

#[tokio::test]
async fn a_first_message_on_whatsapp_is_a_template() {
    let mut hub = Setup::new().with("TWILIO_DEFAULT_FROM", "whatsapp:+48500100900").start().await;
    let ola = hub.joins("ola", Role::Operator).await;
    let thread = hub.sees(&ola, &format!("/chat/{WHATSAPP}")).await;
    assert!(thread.text().contains("jeszcze do nas nie napisała"));
    assert!(
        thread.text().contains("/inbox/template?contact=0") && !thread.text().contains("id=\"chat-body\"")
    );
    let sid = format!("HX{:032x}", 3);
    let chosen = hub.sees(&ola, &format!("{PICKER}?to={WHATSAPP}&content_sid={sid}")).await;
    let id = hidden(chosen.text(), "id").to_owned();
    let fields = [("id", &*id), ("contact", "0"), ("to", WHATSAPP), ("content_sid", &*sid)];
    let sent = swaps(&hub, &ola, PICKER, &fields).await;
    assert_eq!((sent.status, sent.header("hx-redirect")), (204, "/chat/whatsapp%3A+48500100200"));
    hub.advance(Duration::from_secs(10)).await;
    assert!(hub.phone(WHATSAPP).got()[0].contains("prosimy o kontakt"));
}

#[tokio::test]
async fn without_the_list_the_identifier_can_still_be_typed() {
    let mut hub = TestHub::start().await;
    let contact = a_day_later(&mut hub).await;
    let ola = hub.joins("ola", Role::Operator).await;
    hub.cut_off(true);
    let page = hub.sees(&ola, &format!("/chat/{ANNA}")).await;
    assert!(page.status == 200 && page.text().contains("id=\"chat-template-sid\""), "the thread asks nobody");
    let list = hub.sees(&ola, &format!("{PICKER}?contact={contact}")).await;
    assert!(list.text().contains("Twilio nie odpowiedziało") && list.text().contains("pod rozmową"));
    hub.cut_off(false);
    let empty = Setup::new().with_sim(|sim| sim.templates.clear()).start().await;
    let ola = empty.joins("ola", Role::Operator).await;
    assert!(empty.sees(&ola, PICKER).await.text().contains("nie ma szablonów zatwierdzonych"));
}

#[tokio::test]
async fn filling_in_asks_twilio_once() {
    let mut hub = TestHub::start().await;
    let contact = a_day_later(&mut hub).await;
    let ola = hub.joins("ola", Role::Operator).await;
    let asked = |hub: &TestHub| {
        hub.trace.lines().iter().filter(|(_, line)| line.starts_with("GET ContentAndApprovals")).count()
    };
    for value in ["A", "An", "Ann", "Anna"] {
        let fields = [("contact", &*contact), ("content_sid", VISIT), ("value.1", value)];
        assert!(swaps(&hub, &ola, "/inbox/template/preview", &fields).await.text().contains(value));
    }
    assert_eq!(asked(&hub), 1);
    hub.jump(Duration::from_mins(2));
    hub.sees(&ola, PICKER).await;
    assert_eq!(asked(&hub), 2);
}
