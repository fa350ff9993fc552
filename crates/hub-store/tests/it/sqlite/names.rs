//! How contacts are named, read from the file: nothing shows names yet.

use super::another;
use crate::{
    harness::{TestStore, fresh},
    words::{Text, at, inbound},
};

fn wrote(sid: &str) -> Text {
    inbound(sid).from("whatsapp:+48500100200").to("whatsapp:+15005550006")
}

/// The contact's name and who gave it.
fn name(hub: &TestStore) -> (Option<String>, Option<String>) {
    let file = another(&hub.path());
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    file.query_row("SELECT name, name_source FROM contact WHERE id = 1", (), read).unwrap()
}

#[tokio::test]
async fn a_customers_own_name_is_taken_until_a_person_gives_one() {
    let hub = fresh().await;
    let named = |sid: &str, name: &str| wrote(sid).with_field("ProfileName", name);
    let profile = |name: &str| (Some(name.to_owned()), Some("profile".to_owned()));
    hub.receive(inbound("SM1").with_field("ProfileName", "Podszyta"), at(0)).await;
    assert_eq!(name(&hub), (None, None), "only WhatsApp vouches for it");
    hub.receive(named("SM2", "Anna"), at(0)).await;
    assert_eq!(name(&hub), profile("Anna"));
    hub.receive(wrote("SM3"), at(1)).await;
    hub.receive(named("SM4", "Anna N."), at(2)).await;
    assert_eq!(name(&hub), profile("Anna N."));
    let file = another(&hub.path());
    file.execute("UPDATE contact SET name = 'Pani Anna', name_source = 'person' WHERE id = 1", ()).unwrap();
    hub.receive(named("SM5", "Ania"), at(3)).await;
    assert_eq!(name(&hub), (Some("Pani Anna".to_owned()), Some("person".to_owned())));
    // One whose giver is not known is a person's too.
    file.execute("UPDATE contact SET name_source = NULL WHERE id = 1", ()).unwrap();
    hub.receive(named("SM6", "Ania"), at(4)).await;
    assert_eq!(name(&hub), (Some("Pani Anna".to_owned()), None));
}
