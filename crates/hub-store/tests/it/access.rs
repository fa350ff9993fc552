//! Users, sessions, API tokens and the audit log.

use hub_domain::{
    access::{LoginName, PanelLanguage, Role, Scope, Scopes, Theme},
    ids::{SessionId, UserId},
};
use hub_store::{AuditAction, By, NewSession, NewUser, Proof, UserChange, UserRefusal};
use jiff::Timestamp;

use crate::{
    harness::{TestStore, fresh},
    words::{at, message_id},
};

const HOUR: i64 = 3600;

fn by(name: &str) -> By {
    By { name: name.to_owned(), network: "203.0.113.0/24".to_owned() }
}

fn name(text: &str) -> LoginName {
    LoginName::parse(text).unwrap()
}

fn user(called: &str, role: Role) -> NewUser {
    let id = UserId(message_id().0);
    NewUser { id, name: name(called), password: Some(format!("hash of {called}")), role, language: None }
}

fn session(secret: u8) -> NewSession {
    NewSession { secret: [secret; 32], agent: "Firefox".to_owned(), network: "203.0.113.0/24".to_owned() }
}

/// Adds the first person and signs them in.
async fn with_first(hub: &TestStore) -> UserId {
    let first = user("ewa", Role::Admin);
    let id = first.id;
    hub.add_first_user(first, session(1), at(0)).await.unwrap().unwrap();
    id
}

/// Adds a person and signs them in.
async fn join(hub: &TestStore, called: &str, role: Role, secret: u8) -> UserId {
    let new = user(called, role);
    let id = new.id;
    hub.add_user(new, by("ewa"), at(0)).await.unwrap().unwrap();
    assert!(hub.begin_session(id, session(secret), None, Proof::Password, at(0)).await.unwrap());
    id
}

async fn holds(hub: &TestStore, secret: u8, now: Timestamp) -> bool {
    hub.session([secret; 32], now).await.unwrap().is_some()
}

async fn actions(hub: &TestStore) -> Vec<AuditAction> {
    hub.audit(None, 100).await.unwrap().into_iter().rev().map(|entry| entry.action).collect()
}

#[tokio::test]
async fn the_first_user_comes_with_a_session_and_there_is_only_one_first() {
    let hub = fresh().await;
    assert!(!hub.has_users().await.unwrap());
    let ewa = with_first(&hub).await;
    assert!(hub.has_users().await.unwrap());
    let found = hub.session([1; 32], at(1)).await.unwrap().unwrap();
    assert_eq!((found.user.id, found.user.name.as_str(), found.user.role), (ewa, "ewa", Role::Admin));
    let second = hub.add_first_user(user("piotr", Role::Admin), session(2), at(1)).await.unwrap();
    assert_eq!(second, Err(UserRefusal::NameTaken));
    assert!(!holds(&hub, 2, at(1)).await);
    assert_eq!(hub.users().await.unwrap().len(), 1);
    assert_eq!(actions(&hub).await, [AuditAction::FirstUser]);
}

#[tokio::test]
async fn a_name_is_taken_whatever_its_case() {
    let hub = fresh().await;
    with_first(&hub).await;
    let added = hub.add_user(user("EWA", Role::Operator), by("ewa"), at(1)).await.unwrap();
    assert_eq!(added, Err(UserRefusal::NameTaken));
    let (found, password) = hub.user_by_name(name("Ewa")).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), password.as_deref()), ("ewa", Some("hash of ewa")));
    assert_eq!(actions(&hub).await, [AuditAction::FirstUser]);
}

#[tokio::test]
async fn a_session_ends_when_idle_for_twelve_hours_and_after_thirty_days() {
    let hub = fresh().await;
    with_first(&hub).await;
    let id = hub.session([1; 32], at(0)).await.unwrap().unwrap().id;
    assert!(holds(&hub, 1, at(12 * HOUR - 1)).await);
    assert!(!holds(&hub, 1, at(12 * HOUR)).await);
    for hour in (11..30 * 24).step_by(11) {
        assert!(holds(&hub, 1, at(hour * HOUR)).await, "after {hour} hours");
        hub.touch_session(id, at(hour * HOUR)).await.unwrap();
    }
    assert!(holds(&hub, 1, at(30 * 24 * HOUR - 1)).await);
    assert!(!holds(&hub, 1, at(30 * 24 * HOUR)).await);
}

#[tokio::test]
async fn a_note_of_an_older_request_does_not_age_a_session() {
    let hub = fresh().await;
    with_first(&hub).await;
    let id = hub.session([1; 32], at(0)).await.unwrap().unwrap().id;
    hub.touch_session(id, at(900)).await.unwrap();
    hub.touch_session(id, at(300)).await.unwrap();
    assert_eq!(hub.session([1; 32], at(900)).await.unwrap().unwrap().seen_at, at(900));
}

#[tokio::test]
async fn signing_in_again_replaces_the_browsers_session_and_clears_those_over() {
    let hub = fresh().await;
    let ewa = with_first(&hub).await;
    let begun = hub.begin_session(ewa, session(2), Some([1; 32]), Proof::Link, at(60)).await.unwrap();
    assert!(begun && !holds(&hub, 1, at(60)).await && holds(&hub, 2, at(60)).await);
    let later = at(13 * HOUR);
    assert!(hub.begin_session(ewa, session(3), None, Proof::Password, later).await.unwrap());
    let listed: Vec<SessionId> = hub.sessions(ewa, later).await.unwrap().into_iter().map(|s| s.id).collect();
    let held = hub.session([3; 32], later).await.unwrap().unwrap();
    assert_eq!(listed, [held.id]);
    let expect = [AuditAction::FirstUser, AuditAction::SignedInByLink, AuditAction::SignedIn];
    assert_eq!(actions(&hub).await, expect);
}

#[tokio::test]
async fn a_person_ends_only_sessions_of_their_own() {
    let hub = fresh().await;
    let ewa = with_first(&hub).await;
    let piotr = join(&hub, "piotr", Role::Operator, 2).await;
    assert!(hub.begin_session(ewa, session(3), None, Proof::Password, at(1)).await.unwrap());
    let id = async |secret: u8| hub.session([secret; 32], at(1)).await.unwrap().unwrap().id;
    let (first, second, other) = (id(1).await, id(3).await, id(2).await);
    hub.end_session(ewa, other, by("ewa"), at(1)).await.unwrap();
    assert!(holds(&hub, 2, at(1)).await, "somebody else's");
    hub.end_session(ewa, first, by("ewa"), at(1)).await.unwrap();
    assert!(!holds(&hub, 1, at(1)).await && holds(&hub, 3, at(1)).await);
    assert!(hub.begin_session(ewa, session(4), None, Proof::Password, at(2)).await.unwrap());
    hub.end_sessions(ewa, Some(second), by("ewa"), at(2)).await.unwrap();
    assert!(holds(&hub, 3, at(2)).await && !holds(&hub, 4, at(2)).await && holds(&hub, 2, at(2)).await);
    hub.end_sessions(piotr, None, by("piotr"), at(2)).await.unwrap();
    assert!(!holds(&hub, 2, at(2)).await && holds(&hub, 3, at(2)).await);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let hub = fresh().await;
    let ewa = with_first(&hub).await;
    assert!(hub.begin_session(ewa, session(2), None, Proof::Password, at(1)).await.unwrap());
    let kept = hub.session([2; 32], at(1)).await.unwrap().unwrap().id;
    hub.change_own_password(ewa, "new hash".to_owned(), kept, by("ewa"), at(2)).await.unwrap();
    assert!(!holds(&hub, 1, at(2)).await && holds(&hub, 2, at(2)).await);
    let (_, password) = hub.user(ewa).await.unwrap().unwrap();
    assert_eq!(password.as_deref(), Some("new hash"));
    // Set by somebody else, it ends all of them.
    let set = UserChange::Password("set hash".to_owned());
    hub.change_user(ewa, set, by("cli"), at(3)).await.unwrap().unwrap();
    assert!(!holds(&hub, 2, at(3)).await);
    let last = *actions(&hub).await.last().unwrap();
    assert_eq!(last, AuditAction::PasswordSet);
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once_and_may_come_back() {
    let hub = fresh().await;
    with_first(&hub).await;
    let piotr = join(&hub, "piotr", Role::Operator, 2).await;
    let disable = UserChange::Disabled(true);
    hub.change_user(piotr, disable, by("ewa"), at(1)).await.unwrap().unwrap();
    assert!(!holds(&hub, 2, at(1)).await);
    assert!(!hub.begin_session(piotr, session(3), None, Proof::Password, at(1)).await.unwrap());
    let enable = UserChange::Disabled(false);
    hub.change_user(piotr, enable, by("ewa"), at(2)).await.unwrap().unwrap();
    assert!(!holds(&hub, 2, at(2)).await, "an ended session stays ended");
    assert!(hub.begin_session(piotr, session(3), None, Proof::Password, at(2)).await.unwrap());
    assert!(holds(&hub, 3, at(2)).await);
}

#[tokio::test]
async fn the_last_admin_stays() {
    let hub = fresh().await;
    let ewa = with_first(&hub).await;
    let piotr = join(&hub, "piotr", Role::Operator, 2).await;
    let change =
        async |user, change, second| hub.change_user(user, change, by("ewa"), at(second)).await.unwrap();
    for loss in [UserChange::Disabled(true), UserChange::Role(Role::Operator)] {
        assert_eq!(change(ewa, loss, 1).await, Err(UserRefusal::LastAdmin));
    }
    assert_eq!(change(piotr, UserChange::Role(Role::Admin), 2).await, Ok(()));
    assert_eq!(change(ewa, UserChange::Role(Role::Operator), 3).await, Ok(()));
    assert_eq!(change(piotr, UserChange::Disabled(true), 4).await, Err(UserRefusal::LastAdmin));
    assert_eq!(hub.first_with_role(Role::Admin).await.unwrap(), Some(piotr));
    let nobody = UserId(message_id().0);
    assert_eq!(change(nobody, UserChange::Disabled(false), 5).await, Err(UserRefusal::Unknown));
}

#[tokio::test]
async fn preferences_are_kept_one_by_one() {
    let hub = fresh().await;
    let ewa = with_first(&hub).await;
    let read = async || {
        let (user, _) = hub.user(ewa).await.unwrap().unwrap();
        (user.language, user.theme)
    };
    assert_eq!(read().await, (None, Theme::System));
    hub.set_preferences(ewa, Some(PanelLanguage::English), None).await.unwrap();
    hub.set_preferences(ewa, None, Some(Theme::Dark)).await.unwrap();
    assert_eq!(read().await, (Some(PanelLanguage::English), Theme::Dark));
}

#[tokio::test]
async fn a_token_works_until_it_is_revoked() {
    let hub = fresh().await;
    let scopes = Scopes::new([Scope::Read, Scope::Send]);
    hub.add_token([7; 32], "sklep".to_owned(), scopes.clone(), by("ewa"), at(0)).await.unwrap();
    let found = hub.token([7; 32]).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), &found.scopes, found.created_by.as_str()), ("sklep", &scopes, "ewa"));
    assert_eq!(hub.token([8; 32]).await.unwrap(), None);
    hub.touch_token(found.id, at(5)).await.unwrap();
    assert!(hub.revoke_token(found.id, by("ewa"), at(6)).await.unwrap());
    assert!(!hub.revoke_token(found.id, by("ewa"), at(7)).await.unwrap());
    assert_eq!(hub.token([7; 32]).await.unwrap(), None);
    let listed = hub.tokens().await.unwrap();
    assert_eq!((listed[0].used_at, listed[0].revoked_at), (Some(at(5)), Some(at(6))));
    assert_eq!(actions(&hub).await, [AuditAction::TokenAdded, AuditAction::TokenRevoked]);
}

#[tokio::test]
async fn the_audit_log_is_read_page_by_page() {
    let hub = fresh().await;
    for minute in 0..5 {
        let subject = format!("próba {minute}");
        hub.note(AuditAction::SignInRefused, subject, by("ewa"), at(minute)).await.unwrap();
    }
    let first = hub.audit(None, 3).await.unwrap();
    let second = hub.audit(first.last().map(|entry| entry.id), 3).await.unwrap();
    let subjects: Vec<&str> = first.iter().chain(&second).map(|entry| entry.subject.as_str()).collect();
    assert_eq!(subjects, ["próba 4", "próba 3", "próba 2", "próba 1", "próba 0"]);
    assert_eq!((first[0].at, first[0].network.as_str()), (at(4), "203.0.113.0/24"));
    let words: Vec<_> = AuditAction::ALL.iter().map(|action| AuditAction::parse(action.as_str())).collect();
    assert_eq!(words, AuditAction::ALL.map(Some));
}

#[tokio::test]
async fn automation_is_on_until_somebody_switches_it_off() {
    let hub = fresh().await;
    assert!(hub.automation_enabled().await.unwrap());
    for enabled in [false, true] {
        hub.set_automation_enabled(enabled, by("ewa"), at(1)).await.unwrap();
        assert_eq!(hub.automation_enabled().await.unwrap(), enabled);
    }
    assert_eq!(actions(&hub).await, [AuditAction::AutomationOff, AuditAction::AutomationOn]);
}
