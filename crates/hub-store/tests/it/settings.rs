//! Settings outlive the program and are read as they were saved.

use hub_domain::settings::{AutoReply, AutoReplyError};

use crate::{
    harness::fresh,
    words::{at, ewa},
};

#[tokio::test]
async fn the_auto_reply_is_off_until_someone_sets_it() {
    let hub = fresh().await;
    assert_eq!(hub.auto_reply().await.unwrap(), AutoReply::default());
}

#[tokio::test]
async fn the_auto_reply_keeps_the_moment_it_was_switched_on() {
    let hub = fresh().await;
    let saved = hub.change_auto_reply(true, " Oddzwonimy. ".to_owned(), ewa(), at(5)).await.unwrap().unwrap();
    assert_eq!((saved.message.as_str(), saved.enabled_since), ("Oddzwonimy.", Some(at(5))));
    hub.change_auto_reply(true, "Oddzwonimy jutro.".to_owned(), ewa(), at(9)).await.unwrap().unwrap();
    let read = hub.auto_reply().await.unwrap();
    assert_eq!((read.message.as_str(), read.enabled_since), ("Oddzwonimy jutro.", Some(at(5))));
    hub.change_auto_reply(false, String::new(), ewa(), at(10)).await.unwrap().unwrap();
    assert_eq!(hub.auto_reply().await.unwrap(), AutoReply::default());
}

#[tokio::test]
async fn a_refused_auto_reply_changes_nothing() {
    let hub = fresh().await;
    let before = hub.change_auto_reply(true, "Oddzwonimy.".to_owned(), ewa(), at(5)).await.unwrap().unwrap();
    let empty = hub.change_auto_reply(true, " ".to_owned(), ewa(), at(6)).await.unwrap();
    let long = hub.change_auto_reply(true, "ż".repeat(641), ewa(), at(6)).await.unwrap();
    assert_eq!((empty, long), (Err(AutoReplyError::EmptyMessage), Err(AutoReplyError::TooLong)));
    assert_eq!(hub.auto_reply().await.unwrap(), before);
}

#[tokio::test]
async fn the_bots_switch_is_unset_until_someone_sets_it() {
    let hub = fresh().await;
    assert_eq!(hub.bot_enabled().await.unwrap(), None);
    for enabled in [true, false] {
        hub.set_bot_enabled(enabled, ewa(), at(0)).await.unwrap();
        assert_eq!(hub.bot_enabled().await.unwrap(), Some(enabled));
    }
}

#[tokio::test]
async fn a_name_counts_as_set_once_it_has_a_value() {
    let hub = fresh().await;
    assert!(!hub.has_settings(&["missing", "bot_enabled"]).await.unwrap());
    hub.set_bot_enabled(false, ewa(), at(0)).await.unwrap();
    assert!(hub.has_settings(&["missing", "bot_enabled"]).await.unwrap());
    assert!(!hub.has_settings(&["missing"]).await.unwrap());
}
