//! The page of the classic auto-reply, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("reply.admins", "Ustawienia zmienia administrator."),
    (
        "reply.assistant_on",
        "Teraz odpowiada AI. Odpowiada jedno z dwojga: gdy włączysz auto-odpowiedź, AI się wyłączy.",
    ),
    (
        "reply.automation_off",
        "Automatyczne odpowiedzi są teraz wstrzymane dla całej firmy, więc klient tego nie dostanie.",
    ),
    ("reply.away", "Poza godzinami pracy dostanie zamiast tego:"),
    ("reply.enabled", "Odpowiadaj automatycznie"),
    ("reply.limit", "Najwyżej 640 znaków."),
    ("reply.nothing", "Auto-odpowiedź jest wyłączona: klient nie dostanie od niej nic."),
    (
        "reply.one_of_two",
        "Odpowiada auto-odpowiedź albo AI, nigdy oba naraz: włączenie jednego wyłącza drugie.",
    ),
    ("reply.preview", "Co dostanie klient"),
    ("reply.refused.empty", "Wpisz treść, żeby włączyć auto-odpowiedź."),
    ("reply.refused.long", "Treść jest za długa: najwyżej {limit} znaków. Skróć ją i zapisz ponownie."),
    ("reply.saved", "Auto-odpowiedź zapisana."),
    ("reply.setting", "Ustawienia"),
    ("reply.takes", "Liczba segmentów: {segments}"),
];
