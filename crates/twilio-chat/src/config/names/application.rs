//! Variables of the program itself.

use super::{
    super::variable::{Kind, Variable},
    Group,
};
use crate::i18n::Text;

pub(crate) static GROUP: Group = Group {
    title: Text { pl: "Aplikacja", en: "Application" },
    variables: &[
        &PUBLIC_BASE_URL,
        &APP_ENV,
        &APP_DEBUG,
        &APP_HOST,
        &APP_PORT,
        &LOG_LEVEL,
        &DB_PATH,
        &X1_DATA_DIR,
        &TZ_DEFAULT,
        &BACKUP_KEEP_DAYS,
        &CHAT_MODE,
        &AUTO_MAX_PER_CONTACT_DAY,
        &AUTO_MAX_PER_CONTACT_10MIN,
        &AUTO_MAX_PER_MINUTE,
        &AUTO_MAX_COST_DAY,
        &AUTO_COUNTRIES,
        &AUTO_STOP_LOOPS,
        &SMS_PRICE_PER_SEGMENT,
        &SMS_PRICE_CURRENCY,
    ],
};

pub(crate) static PUBLIC_BASE_URL: Variable = Variable::new(
    "PUBLIC_BASE_URL",
    Kind::PublicUrl,
    "Publiczny adres tego programu; na nim Twilio woła webhooki i jego obejmuje podpis.",
    "The public address of this program; Twilio calls its webhooks there and signs it.",
);

pub(crate) static APP_ENV: Variable = Variable::new(
    "APP_ENV",
    Kind::Word,
    "Nazwa środowiska pokazywana w panelu; production zaostrza reguły.",
    "The name of the environment shown in the panel; production makes the rules stricter.",
)
.or("dev");

pub(crate) static APP_DEBUG: Variable = Variable::new(
    "APP_DEBUG",
    Kind::Flag,
    "Więcej w dzienniku (poziom debug, jeżeli LOG_LEVEL jest pusty).",
    "More in the log (level debug if LOG_LEVEL is empty).",
)
.or("false");

pub(crate) static APP_HOST: Variable = Variable::new(
    "APP_HOST",
    Kind::Host,
    "Adres sieciowy, na którym program słucha.",
    "The network address that the program listens on.",
)
.or("0.0.0.0");

pub(crate) static APP_PORT: Variable = Variable::new(
    "APP_PORT",
    Kind::Whole { min: 0, max: 65_535 },
    "Port; 0 wybiera wolny.",
    "The port; 0 picks a free one.",
)
.or("3000");

pub(crate) static LOG_LEVEL: Variable = Variable::new(
    "LOG_LEVEL",
    Kind::OneOf(&["error", "warn", "warning", "info", "debug", "trace"]),
    "Ile trafia do dziennika; puste: info.",
    "How much goes to the log; empty: info.",
);

pub(crate) static DB_PATH: Variable =
    Variable::new("DB_PATH", Kind::Path, "Plik bazy danych.", "The database file.").or("data/app.db");

pub(crate) static X1_DATA_DIR: Variable =
    Variable::new("X1_DATA_DIR", Kind::Path, "Katalog bazy wiedzy.", "The folder of the knowledge base.")
        .or("X1_data");

pub(crate) static TZ_DEFAULT: Variable = Variable::new(
    "TZ_DEFAULT",
    Kind::Zone,
    "Strefa czasowa godzin pokazywanych i planowanych.",
    "The time zone of hours shown and planned.",
)
.or("Europe/Warsaw");

pub(crate) static BACKUP_KEEP_DAYS: Variable = Variable::new(
    "BACKUP_KEEP_DAYS",
    Kind::Whole { min: 1, max: 36_500 },
    "Ile dni trzymać kopie zapasowe.",
    "How many days backups are kept.",
)
.or("7");

pub(crate) static CHAT_MODE: Variable = Variable::new(
    "CHAT_MODE",
    Kind::OneOf(&["echo", "keywords", "normal"]),
    "Odpowiedzi wbudowanego bota (normal to keywords).",
    "The answers of the built-in bot (normal is keywords).",
)
.or("echo");

pub(crate) static AUTO_MAX_PER_CONTACT_DAY: Variable = Variable::new(
    "AUTO_MAX_PER_CONTACT_DAY",
    Kind::Whole { min: 0, max: 1_000_000 },
    "Najwięcej automatycznych wiadomości do jednej osoby na dobę; 0 znosi ograniczenie.",
    "The most automatic messages to one person in a day; 0 lifts the cap.",
)
.or("12");

pub(crate) static AUTO_MAX_PER_CONTACT_10MIN: Variable = Variable::new(
    "AUTO_MAX_PER_CONTACT_10MIN",
    Kind::Whole { min: 0, max: 1_000_000 },
    "Najwięcej automatycznych wiadomości do jednej osoby w 10 minut; 0 znosi ograniczenie.",
    "The most automatic messages to one person in 10 minutes; 0 lifts the cap.",
)
.or("3");

pub(crate) static AUTO_MAX_PER_MINUTE: Variable = Variable::new(
    "AUTO_MAX_PER_MINUTE",
    Kind::Whole { min: 0, max: 1_000_000 },
    "Najwięcej automatycznych wiadomości na minutę łącznie (reszta czeka); 0 znosi ograniczenie.",
    "The most automatic messages a minute in all (the rest waits); 0 lifts the cap.",
)
.or("30");

pub(crate) static AUTO_MAX_COST_DAY: Variable = Variable::new(
    "AUTO_MAX_COST_DAY",
    Kind::Amount,
    "Najwyższy koszt dnia (UTC) w walucie konta Twilio, a przy podanym SMS_PRICE_PER_SEGMENT w jego walucie (koszt modeli AI, w dolarach, jest doliczany bez przeliczania); odpowiedzi ponad nim czekają na człowieka; 0 znosi ograniczenie.",
    "The highest cost of a day (UTC) in the Twilio account's currency, or in that of SMS_PRICE_PER_SEGMENT where it is set (what AI models cost, in dollars, is added without conversion); answers beyond it wait for a person; 0 lifts the cap.",
)
.or("10");

pub(crate) static AUTO_COUNTRIES: Variable = Variable::new(
    "AUTO_COUNTRIES",
    Kind::Countries,
    "Kraje, którym odpowiada automat.",
    "The countries that are answered by machine.",
)
.or("PL");

pub(crate) static AUTO_STOP_LOOPS: Variable = Variable::new(
    "AUTO_STOP_LOOPS",
    Kind::Flag,
    "Rozmowę z maszyną po drugiej stronie (odpowiada od razu albo w kółko to samo) zostawia człowiekowi.",
    "Leaves a conversation with a machine at the other end (it answers at once, or always the same) to a person.",
)
.or("true");
pub(crate) static SMS_PRICE_PER_SEGMENT: Variable = Variable::new(
    "SMS_PRICE_PER_SEGMENT",
    Kind::Amount,
    "Ile płacisz za segment SMS-a, do szacowania kosztu w czasie pisania i do dziennego limitu; puste: przybliżone ceny z cennika Twilio.",
    "What you pay for a segment of a text, for estimates while writing and for the daily cap; empty: rounded list prices of Twilio.",
);

pub(crate) static SMS_PRICE_CURRENCY: Variable = Variable::new(
    "SMS_PRICE_CURRENCY",
    Kind::OneOf(&["PLN", "USD", "EUR"]),
    "Waluta ceny w SMS_PRICE_PER_SEGMENT.",
    "The currency of SMS_PRICE_PER_SEGMENT.",
)
.or("PLN");
