//! The page of webhooks, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("webhooks.addresses", "Adresy dla Twilio"),
    (
        "webhooks.addresses.about",
        "Pod te adresy Twilio przekazuje wiadomości od klientów i losy naszych wiadomości. Adres musi być w Twilio wpisany dokładnie tak, co do znaku: podpis obejmuje cały adres.",
    ),
    ("webhooks.ask", "Zapytaj Twilio"),
    ("webhooks.ask_again", "Sprawdź ponownie"),
    ("webhooks.asking", "Pytam Twilio, co jest ustawione…"),
    ("webhooks.audit.set", "ustawiono webhook w Twilio"),
    ("webhooks.by_hand", "ustaw w konsoli"),
    (
        "webhooks.by_hand.about",
        "Tego nadawcy nie da się ustawić stąd. W konsoli Twilio, przy nadawcy WhatsApp (albo numerze skróconym), wpisz powyższy adres wiadomości przychodzących, metodą POST.",
    ),
    ("webhooks.copied", "Skopiowano adres."),
    ("webhooks.copy", "Kopiuj"),
    ("webhooks.done.set", "Ustawiono. Wiadomości od klientów przychodzą teraz tutaj."),
    ("webhooks.inbound", "Wiadomości przychodzące"),
    (
        "webhooks.inbound.about",
        "W konsoli Twilio, przy numerze: „A message comes in”, metoda POST. Przy Messaging Service: „Send a webhook”.",
    ),
    (
        "webhooks.no_account",
        "Nie ma jeszcze konta Twilio, więc nie ma czego sprawdzić. Najpierw wpisz klucze:",
    ),
    (
        "webhooks.no_address",
        "Ten hub nie ma publicznego adresu, więc Twilio nie może do niego zadzwonić. Ustaw PUBLIC_BASE_URL na publiczny adres https tego serwera i uruchom program ponownie.",
    ),
    ("webhooks.no_entrance", "Tego nadawcy nie ma już w konfiguracji. Odśwież stronę."),
    (
        "webhooks.not_kept",
        "Twilio przyjęło zmianę, ale nadal pokazuje inny adres. Sprawdź ustawienia w konsoli Twilio.",
    ),
    (
        "webhooks.not_of_account",
        "To konto Twilio nie ma {name}. Sprawdź TWILIO_DEFAULT_FROM, TWILIO_MESSAGING_SERVICE_SID i to, czy klucze są z tego samego konta.",
    ),
    ("webhooks.not_ours", "nie przychodzi tutaj"),
    ("webhooks.now", "Co jest ustawione w Twilio"),
    ("webhooks.number", "Numer {number}"),
    ("webhooks.ours", "przychodzi tutaj"),
    ("webhooks.sender", "Nadawca {sender}"),
    ("webhooks.service", "Messaging Service {sid}"),
    ("webhooks.set", "Ustaw w Twilio"),
    (
        "webhooks.set.sure",
        "{what}: ustawić w Twilio adres {address}? Dotychczasowe ustawienie zostanie zastąpione i zapisane w dzienniku.",
    ),
    ("webhooks.set_to.address", "Twilio wysyła na adres: {address}"),
    ("webhooks.set_to.application", "O wiadomościach decyduje aplikacja TwiML {sid}."),
    (
        "webhooks.set_to.each_number",
        "Każdy numer tej usługi ma własne ustawienie („Defer to sender's webhook”).",
    ),
    ("webhooks.set_to.nothing", "Nic nie jest ustawione: wiadomości zostają w Twilio."),
    ("webhooks.status", "Statusy doręczeń"),
    ("webhooks.status.about", "Tego adresu nie trzeba nigdzie wpisywać: podajemy go przy każdej wiadomości."),
    ("webhooks.title", "Webhooki"),
    ("webhooks.unknown", "nie wiadomo"),
];
