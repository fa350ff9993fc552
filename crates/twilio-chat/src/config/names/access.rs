//! Variables of who may get in.

use super::{
    super::variable::{Kind, Variable},
    Group,
};
use crate::i18n::Text;

pub(crate) static GROUP: Group = Group {
    title: Text { pl: "Dostęp", en: "Access" },
    variables: &[&APP_SECRET_KEY, &API_TOKEN, &TRUSTED_PROXIES],
};

pub(crate) static APP_SECRET_KEY: Variable = Variable::new(
    "APP_SECRET_KEY",
    Kind::Secret { min_chars: 16 },
    "Klucz szyfrujący sekrety w bazie; puste: plik secret.key obok bazy, tworzony sam.",
    "The key that encrypts secrets in the database; empty: the file secret.key beside it, made by itself.",
);

pub(crate) static API_TOKEN: Variable = Variable::new(
    "API_TOKEN",
    Kind::Secret { min_chars: 1 },
    "Token API z pełnym dostępem (Authorization: Bearer …); puste: tylko tokeny z panelu.",
    "An API token with full access (Authorization: Bearer …); empty: only tokens from the panel.",
);

pub(crate) static TRUSTED_PROXIES: Variable = Variable::new(
    "TRUSTED_PROXIES",
    Kind::Proxies,
    "Serwery pośredniczące, którym wierzymy w adres klienta.",
    "The proxies that are believed about the client's address.",
);
