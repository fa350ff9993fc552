//! What signing in, the settings pages and API tokens do.

use hub_domain::{
    access::{LoginName, PanelLanguage, Role, Scope, Scopes},
    ids::{SessionId, TokenId, UserId},
};

use super::{Tour, at};
use crate::{
    AuditAction, By, NewSession, NewUser, Proof, UserChange,
    sqlite::{audit, sessions, settings, tokens, users},
};

impl Tour {
    pub(super) fn access(&mut self) {
        let by = By { name: "ewa".to_owned(), network: String::new() };
        let session =
            |secret: u8| NewSession { secret: [secret; 32], agent: String::new(), network: String::new() };
        let mut user = |name: &str| NewUser {
            id: UserId(self.id()),
            name: LoginName::parse(name).unwrap(),
            password: None,
            role: Role::Admin,
            language: None,
        };
        let (ewa, piotr) = (user("ewa"), user("piotr"));
        let id = ewa.id;
        self.unit(|unit| sessions::first(unit, &ewa, &session(1), at(0))).unwrap();
        self.unit(|unit| users::add(unit, &piotr, &by, at(0))).unwrap();
        self.unit(|unit| sessions::begin(unit, id, &session(2), Some([1; 32]), Proof::Password, at(1)));
        self.unit(|unit| sessions::touch(unit, SessionId(1), at(2)));
        self.unit(|unit| sessions::end(unit, id, SessionId(1), &by, at(2)));
        self.unit(|unit| sessions::own_password(unit, id, "hash", SessionId(2), &by, at(2)));
        self.unit(|unit| sessions::end_all(unit, id, None, &by, at(3)));
        self.unit(|unit| users::set_preferences(unit, id, Some(PanelLanguage::Polish), None));
        for change in [
            UserChange::Role(Role::Operator),
            UserChange::Password("hash".to_owned()),
            UserChange::Disabled(true),
        ] {
            self.unit(|unit| users::change(unit, id, &change, &by, at(4))).unwrap();
        }
        let scopes = Scopes::new([Scope::Read]);
        self.unit(|unit| tokens::add(unit, &[3; 32], "sklep", &scopes, &by, at(5)));
        self.unit(|unit| tokens::touch(unit, TokenId(1), at(6)));
        self.unit(|unit| tokens::revoke(unit, TokenId(1), &by, at(6)));
        self.unit(|unit| audit::note(unit, AuditAction::SignInRefused, "", &by, at(7)));
        for (second, enabled) in [(7, false), (8, true)] {
            self.unit(|unit| settings::set_automation_enabled(unit, enabled, &by, at(second)));
        }
        self.access_read(id);
    }

    fn access_read(&self, id: UserId) {
        let file = &self.connection;
        users::any(file).unwrap();
        users::list(file).unwrap();
        users::by_id(file, id).unwrap();
        users::by_name(file, &LoginName::parse("ewa").unwrap()).unwrap();
        sessions::find(file, [1; 32], at(8)).unwrap();
        sessions::list(file, id, at(8)).unwrap();
        sessions::first_with_role(file, Role::Admin).unwrap();
        tokens::find(file, [3; 32]).unwrap();
        tokens::list(file).unwrap();
        audit::list(file, None, 50).unwrap();
        settings::read_automation_enabled(file).unwrap();
    }
}
