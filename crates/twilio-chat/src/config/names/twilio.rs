//! Variables of the Twilio account.

use super::{
    super::variable::{Kind, Variable},
    Group,
};
use crate::i18n::Text;

pub(crate) static GROUP: Group = Group {
    title: Text { pl: "Twilio", en: "Twilio" },
    variables: &[
        &TWILIO_ACCOUNT_SID,
        &TWILIO_AUTH_TOKEN,
        &TWILIO_AUTH_TOKEN_PREVIOUS,
        &TWILIO_API_KEY_SID,
        &TWILIO_API_KEY_SECRET,
        &TWILIO_DEFAULT_FROM,
        &TWILIO_MESSAGING_SERVICE_SID,
        &TWILIO_SEGMENTS_PER_SECOND,
        &TWILIO_SEGMENTS_PER_SECOND_BY_SENDER,
        &TWILIO_VALIDATE_SIGNATURE,
        &TWILIO_API_BASE_URL,
    ],
};

pub(crate) static TWILIO_ACCOUNT_SID: Variable = Variable::new(
    "TWILIO_ACCOUNT_SID",
    Kind::Sid { prefix: "AC" },
    "Konto Twilio (console.twilio.com, ramka Account Info).",
    "The Twilio account (console.twilio.com, box Account Info).",
);

pub(crate) static TWILIO_AUTH_TOKEN: Variable = Variable::new(
    "TWILIO_AUTH_TOKEN",
    Kind::Secret { min_chars: 1 },
    "Auth token konta: wysyłka i sprawdzanie podpisów webhooków.",
    "The account's auth token: sending, and checking the signatures of webhooks.",
);

pub(crate) static TWILIO_AUTH_TOKEN_PREVIOUS: Variable = Variable::new(
    "TWILIO_AUTH_TOKEN_PREVIOUS",
    Kind::Secret { min_chars: 1 },
    "Poprzedni auth token, na czas jego wymiany: podpisy nim złożone są uznawane, a wysyłka używa tego, który działa.",
    "The previous auth token while it is being replaced: its signatures are accepted, and sending uses the one that works.",
);

pub(crate) static TWILIO_API_KEY_SID: Variable = Variable::new(
    "TWILIO_API_KEY_SID",
    Kind::Sid { prefix: "SK" },
    "Klucz API zamiast auth tokenu do wysyłki (razem z TWILIO_API_KEY_SECRET).",
    "An API key to send with in place of the auth token (together with TWILIO_API_KEY_SECRET).",
);

pub(crate) static TWILIO_API_KEY_SECRET: Variable = Variable::new(
    "TWILIO_API_KEY_SECRET",
    Kind::Secret { min_chars: 1 },
    "Sekret klucza API.",
    "The secret of the API key.",
);

pub(crate) static TWILIO_DEFAULT_FROM: Variable = Variable::new(
    "TWILIO_DEFAULT_FROM",
    Kind::Sender,
    "Numer lub nazwa, z której wychodzą wiadomości. Wymagane to albo TWILIO_MESSAGING_SERVICE_SID.",
    "The number or name that messages leave from. This or TWILIO_MESSAGING_SERVICE_SID is required.",
);

pub(crate) static TWILIO_MESSAGING_SERVICE_SID: Variable = Variable::new(
    "TWILIO_MESSAGING_SERVICE_SID",
    Kind::Sid { prefix: "MG" },
    "Messaging Service; gdy podany, ma pierwszeństwo przed TWILIO_DEFAULT_FROM.",
    "A Messaging Service; when given, it goes before TWILIO_DEFAULT_FROM.",
);

pub(crate) static TWILIO_SEGMENTS_PER_SECOND: Variable = Variable::new(
    "TWILIO_SEGMENTS_PER_SECOND",
    Kind::Whole { min: 0, max: 10_000 },
    "Ile segmentów na sekundę wychodzi najwyżej od jednego nadawcy (Twilio: numer z USA 1, zwykle 10, krótki numer 100); 0 znosi ograniczenie.",
    "The most segments a second that leave from one sender (Twilio: a US number 1, usually 10, a short code 100); 0 lifts the limit.",
)
.or("10");

pub(crate) static TWILIO_SEGMENTS_PER_SECOND_BY_SENDER: Variable = Variable::new(
    "TWILIO_SEGMENTS_PER_SECOND_BY_SENDER",
    Kind::Rates,
    "To samo dla wybranych nadawców i Messaging Service, z pierwszeństwem (WhatsApp liczy wiadomości, zwykle 80).",
    "The same for some senders and Messaging Services, which goes first (WhatsApp counts messages, usually 80).",
);

pub(crate) static TWILIO_VALIDATE_SIGNATURE: Variable = Variable::new(
    "TWILIO_VALIDATE_SIGNATURE",
    Kind::Flag,
    "Sprawdzanie podpisów webhooków. Wyłączaj tylko na czas prób; przy APP_ENV=production nie można.",
    "Checking the signatures of webhooks. Switch off for trials only; with APP_ENV=production it cannot be.",
)
.or("true");

pub(crate) static TWILIO_API_BASE_URL: Variable = Variable::new(
    "TWILIO_API_BASE_URL",
    Kind::ServiceUrl,
    "Adres API Twilio; inny tylko do prób z symulatorem.",
    "The address of Twilio's API; another one only for trials with a simulator.",
)
.or("https://api.twilio.com");
