//! The dashboard's notices: what was recovered after an outage, and what the money cap holds back.

use std::time::Duration;

use hub_domain::access::Role;

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

const FIGURES: &str = "/desk/figures";
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// Anna and Piotr wrote while the hub was down, too long ago to be answered by a machine.
async fn after_an_outage() -> TestHub {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.advance(HOUR).await;
    hub.kill();
    hub.phone(ANNA).writes("Czy jest wolny termin?");
    hub.advance(10 * MINUTE).await;
    hub.phone(PIOTR).writes("A jutro?");
    hub.advance(HOUR).await;
    hub.restart().await;
    hub.advance(MINUTE).await;
    hub
}

/// The words of a notice; empty when it is not there.
fn notice(page: &str, id: &str) -> String {
    let begin = page.split(&format!("id=\"notice-{id}\"")).nth(1).unwrap_or_default();
    begin.split("</p>").next().unwrap_or_default().split("<p>").nth(1).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_was_recovered_is_told_until_somebody_says_so() {
    let mut hub = after_an_outage().await;
    let ewa = hub.session().await;
    let page = hub.sees(&ewa, "/").await;
    let told = notice(page.text(), "recovered");
    assert!(told.contains("Odzyskano 2 wiadomości z czasu przerwy (22.11.2026"), "{told}");
    assert!(told.contains("– ") && told.contains("2 odpowiedzi czekają na Twoją zgodę."), "{told}");
    assert!(page.text().contains("href=\"/settings/recovery\""));
    let ola = hub.joins("ola", Role::Operator).await;
    let page = hub.sees(&ola, FIGURES).await;
    assert_eq!(notice(page.text(), "recovered"), told, "to everybody");
    assert!(!page.text().contains("/settings/recovery"), "a page that she may not open");
    let report = page.text().split("name=\"report\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let seen = hub.posts(&ola, "/desk/recovery-seen", &[("report", report)]).await;
    assert_eq!((seen.status, seen.header("location")), (303, "/"));
    for person in [&ola, &ewa] {
        assert_eq!(notice(hub.sees(person, FIGURES).await.text(), "recovered"), "");
    }
    assert!(notice(hub.sees(&ewa, "/").await.text(), "held").starts_with("2 wiadomości czekają"));
}

#[tokio::test]
async fn reading_the_reports_is_seeing_them_and_a_new_outage_is_told_anew() {
    let mut hub = after_an_outage().await;
    let ewa = hub.session().await;
    assert_eq!(hub.sees(&ewa, "/settings/recovery").await.status, 200);
    assert_eq!(notice(hub.sees(&ewa, FIGURES).await.text(), "recovered"), "");
    goes_down_while_anna_writes(&mut hub, "Halo?").await;
    let ewa = hub.enters("ewa", crate::people::PASSWORD, "192.0.2.1").await.cookie();
    let told = notice(hub.sees(&ewa, FIGURES).await.text(), "recovered");
    assert!(told.starts_with("Odzyskano 1 wiadomość") && !told.contains("zgodę"), "{told}");
    // An older page's button takes back nothing.
    hub.posts(&ewa, "/desk/recovery-seen", &[("report", "999")]).await;
    hub.posts(&ewa, "/desk/recovery-seen", &[("report", "1")]).await;
    assert_eq!(notice(hub.sees(&ewa, FIGURES).await.text(), "recovered"), "");
    // A number that is no report's hides nothing that is yet to come.
    goes_down_while_anna_writes(&mut hub, "Jest tam kto?").await;
    let ewa = hub.enters("ewa", crate::people::PASSWORD, "192.0.2.1").await.cookie();
    let told = notice(hub.sees(&ewa, FIGURES).await.text(), "recovered");
    assert!(told.starts_with("Odzyskano 1 wiadomość"), "{told}");
}

/// A short outage.
async fn goes_down_while_anna_writes(hub: &mut TestHub, text: &str) {
    hub.kill();
    hub.phone(ANNA).writes(text);
    hub.advance(2 * MINUTE).await;
    hub.restart().await;
    hub.advance(MINUTE).await;
}

#[tokio::test]
async fn an_answer_in_parts_waits_for_one_decision() {
    let mut hub = Setup::new().with_bot().start().await;
    hub.advance(HOUR).await;
    hub.kill();
    // The bot repeats it, which takes a second part.
    hub.phone(ANNA).writes(&"halo ".repeat(320));
    hub.advance(HOUR).await;
    hub.restart().await;
    hub.advance(MINUTE).await;
    let held = hub.get("/api/messages?status=held").await.json()["items"].as_array().unwrap().len();
    assert!(held > 1, "{held} parts");
    let ewa = hub.session().await;
    let page = hub.sees(&ewa, "/").await;
    let told = notice(page.text(), "recovered");
    assert!(told.contains(" 1 odpowiedź czeka na Twoją zgodę."), "{told}");
    let told = notice(page.text(), "held");
    assert!(told.starts_with("1 wiadomość czeka"), "{told}");
}

#[tokio::test]
async fn what_the_money_cap_holds_back_is_told_apart() {
    let mut hub = Setup::new().with_bot().with("AUTO_MAX_COST_DAY", "0.05").start().await;
    for phone in [ANNA, PIOTR, "+48500100202"] {
        hub.phone(phone).writes("Halo");
        hub.advance(MINUTE).await;
    }
    assert_eq!(hub.taken().len(), 1, "0.04 each");
    let ewa = hub.session().await;
    let page = hub.sees(&ewa, "/").await;
    assert_eq!(notice(page.text(), "money"), "Dzienny limit wydatków wstrzymał 2 wiadomości.");
    assert_eq!(notice(page.text(), "held"), "", "nothing else is held");
    assert!(
        page.text().contains("href=\"/ai/guards\"") && page.text().contains("href=\"/?state=open#latest\"")
    );
    let held = hub.get("/api/messages?status=held").await.json()["items"][0]["id"].clone();
    hub.post(&format!("/api/messages/{held}/approve"), &serde_json::json!({})).await.unwrap();
    hub.advance(MINUTE).await;
    let page = hub.sees(&ewa, FIGURES).await;
    assert_eq!(notice(page.text(), "money"), "Dzienny limit wydatków wstrzymał 1 wiadomość.");
}
