use super::*;

#[test]
fn an_admin_may_what_an_operator_may_and_not_the_other_way() {
    for (role, needed, expect) in [
        (Role::Admin, Role::Admin, true),
        (Role::Admin, Role::Operator, true),
        (Role::Operator, Role::Operator, true),
        (Role::Operator, Role::Admin, false),
    ] {
        assert_eq!(role.covers(needed), expect, "{role:?} for {needed:?}");
    }
    let may = |role: Role| Scope::ALL.map(|scope| role.may(scope));
    assert_eq!(may(Role::Operator), [true, true, false, false]);
    assert_eq!(may(Role::Admin), [true; 4]);
}

#[test]
fn words_are_read_as_they_are_written() {
    for role in Role::ALL {
        assert_eq!(Role::parse(role.as_str()), Some(role));
    }
    for theme in Theme::ALL {
        assert_eq!(Theme::parse(theme.as_str()), Some(theme));
    }
    for language in [PanelLanguage::Polish, PanelLanguage::English] {
        assert_eq!(PanelLanguage::parse(language.as_str()), Some(language));
    }
    assert_eq!((Role::parse("root"), Theme::parse(""), PanelLanguage::parse("de")), (None, None, None));
}

#[test]
fn a_token_has_exactly_the_scopes_given() {
    for (text, expect) in [
        ("", Some("")),
        ("read", Some("read")),
        ("send,read,send", Some("read,send")),
        ("metrics,admin", Some("admin,metrics")),
        ("read,all", None),
        ("READ", None),
    ] {
        let scopes = Scopes::parse(text);
        assert_eq!(scopes.map(|scopes| scopes.as_text()).as_deref(), expect, "{text:?}");
    }
    let scopes = Scopes::new([Scope::Admin]);
    assert_eq!(Scope::ALL.map(|scope| scopes.contains(scope)), [false, false, true, false]);
}

#[test]
fn login_names() {
    for (text, expect) in [
        ("ewa", Some("ewa")),
        ("  Ewa.Nowak@example.com ", Some("Ewa.Nowak@example.com")),
        ("Żaneta", Some("Żaneta")),
        ("", None),
        ("   ", None),
        ("ewa nowak", None),
        ("ewa\u{0}", None),
    ] {
        let name = LoginName::parse(text).ok();
        assert_eq!(name.as_ref().map(LoginName::as_str), expect, "{text:?}");
    }
    assert!(LoginName::parse(&"ż".repeat(64)).is_ok() && LoginName::parse(&"ż".repeat(65)).is_err());
    assert_eq!(LoginName::parse("ŻANETA").unwrap().key(), LoginName::parse("żaneta").unwrap().key());
}

#[test]
fn passwords_are_long_and_not_the_first_to_be_tried() {
    use PasswordProblem::{Common, TooLong, TooShort};
    for (name, password, expect) in [
        ("ewa", "poranna kawa z Zosią", Ok(())),
        ("ewa", "            żółw", Ok(())),
        ("ewa", "nx7-Gq2_w0pL", Ok(())),
        ("ewa", "nx7-Gq2_w0p", Err(TooShort)),
        ("ewa", "żółćżółćżół", Err(TooShort)),
        ("ewa", "password1234", Err(Common)),
        ("ewa", "Password123456!", Err(Common)),
        ("ewa", "qwertyuiop12", Err(Common)),
        ("ewa", "zaq12wsxzaq12wsx", Err(Common)),
        ("ewa", "haslohaslo123", Err(Common)),
        ("ewa", "123456789012", Err(Common)),
        ("ewa", "aaaaaaaaaaaaa", Err(Common)),
        ("ewa", "abcabcabcabcab", Err(Common)),
        ("ewa", "            ", Err(Common)),
        ("ewa.nowak@example.com", "ewanowakexamplecom1", Err(Common)),
        ("administrator", "Administrator2026", Err(Common)),
    ] {
        assert_eq!(check_password(name, password), expect, "{password:?}");
    }
    assert_eq!(check_password("ewa", &"ż!q7".repeat(70)), Err(TooLong));
}
