//! Inbox, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("inbox.bad_id", "Brak pola id: podaj UUID nadany wiadomości przez Twój program."),
    ("inbox.bad_mode", "Nieznany tryb: auto, draft albo human."),
    ("inbox.bad_span", "Nieznany okres: 24h, 7d, 30d albo 90d."),
    ("inbox.bad_until", "Nieprawidłowe until: podaj czas ze strefą, np. 2026-11-22T18:00:00Z."),
    ("inbox.bad_view", "Nieznany widok: all, unread, needs_human, failed albo opted_out."),
    ("inbox.id_taken", "To id ma już inna wiadomość. Nadaj nowe."),
    ("inbox.no_contact", "Nie znaleziono rozmówcy."),
    ("inbox.no_consent", "Podaj w polu consent, na jakiej zgodzie opiera się wznowienie wiadomości."),
    ("inbox.not_failed", "Ponowić można tylko wiadomość, która nie dotarła."),
    ("inbox.retried_before", "Ta wiadomość została już ponowiona. Ponów tę nowszą, jeżeli też nie dotarła."),
    ("inbox.too_many_watchers", "Zbyt wiele otwartych paneli naraz. Zamknij zbędne i spróbuj ponownie."),
    ("inbox.decision.answered", "Odpowiedziano automatycznie."),
    ("inbox.decision.before_enabled", "Bez automatycznej odpowiedzi: przyszła przed jej włączeniem."),
    ("inbox.decision.contact_cap", "Bez automatycznej odpowiedzi: limit dla tego rozmówcy jest wyczerpany."),
    ("inbox.decision.human_in_charge", "Bez automatycznej odpowiedzi: rozmowę prowadzi człowiek."),
    ("inbox.decision.imported", "Przeniesiona z wcześniejszego programu."),
    ("inbox.decision.keyword", "Słowo zastrzeżone: odpowiedziano na nie osobno."),
    ("inbox.decision.nothing_enabled", "Bez automatycznej odpowiedzi: żadna nie jest włączona."),
    ("inbox.decision.opted_out", "Bez odpowiedzi: rozmówca wypisał się z wiadomości."),
    ("inbox.decision.unreachable_sender", "Bez odpowiedzi: ten nadawca nie może jej odebrać."),
];
