//! Command line, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("cli.segments.one", "segment"),
    ("cli.segments.few", "segmenty"),
    ("cli.segments.many", "segmentów"),
    ("cli.segments.line", "{encoding}: {units} jednostek, {segments} {noun}"),
    ("cli.segments.forced", "UCS-2 wymuszają znaki: {characters}"),
    ("cli.serve.started", "Twilio Chat działa: {url}"),
    ("cli.serve.sign_in", "Zaloguj się jednorazowym linkiem (ważny 30 minut): {url}"),
    ("cli.serve.phone", "Wirtualny telefon: {url}"),
    ("cli.serve.curl", "API: curl -H 'Authorization: Bearer {token}' {url}/api/messages"),
    (
        "cli.serve.demo",
        "Tryb demo: konto Twilio jest symulowane, dane w {folder}. Nic nie wychodzi na zewnątrz.",
    ),
    (
        "cli.serve.unconfigured",
        "Brak konta Twilio: panel pokaże, co ustawić; webhooki odpowiadają 503, wysyłka jest wstrzymana. Demo: twilio-chat serve --demo",
    ),
    (
        "cli.serve.port_taken",
        "Port {port} jest zajęty przez inny program. Zatrzymaj go albo ustaw inny APP_PORT (0 wybierze wolny).",
    ),
    ("cli.serve.no_listen", "Nie mogę nasłuchiwać na {address}: {error}"),
    ("cli.serve.locked", "Na danych {folder} działa już inny proces twilio-chat. Zatrzymaj go najpierw."),
    (
        "cli.serve.unsigned",
        "UWAGA: podpisy Twilio nie są sprawdzane (TWILIO_VALIDATE_SIGNATURE=false). Każdy może podszyć się pod klienta.",
    ),
    (
        "cli.serve.insecure_cookie",
        "UWAGA: panel bez https: ciasteczko sesji nie jest chronione na drodze. Ustaw PUBLIC_BASE_URL na adres https.",
    ),
    ("cli.serve.stopped", "Zatrzymano."),
    ("cli.folder.not_writable", "Nie mogę pisać w katalogu {folder} ({error}). Napraw: {command}"),
    ("cli.store.foreign", "{path} to baza innego programu i zostaje nietknięta. Wskaż inny plik w DB_PATH."),
    ("cli.store.newer", "{path} zapisała nowsza wersja programu. Zaktualizuj twilio-chat."),
    ("cli.store.fault", "Nie mogę otworzyć bazy {path}: {error}"),
    ("cli.dotenv.unreadable", "Nie mogę odczytać pliku .env: {error}"),
    ("cli.send.done", "✅ Message sent. SID={sid}, Status={status}"),
    (
        "cli.send.open",
        "⏳ Wiadomość zapisana, ale Twilio jeszcze nie potwierdziło (stan: {status}). Działający hub dokończy wysyłkę.",
    ),
    ("cli.send.failed", "❌ Error: {error}"),
    (
        "cli.send.unconfigured",
        "Brak konfiguracji Twilio: ustaw TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN i TWILIO_DEFAULT_FROM (lub TWILIO_MESSAGING_SERVICE_SID) w środowisku albo w .env.",
    ),
    (
        "cli.send.no_service",
        "Podano --use-messaging-service, ale TWILIO_MESSAGING_SERVICE_SID nie jest ustawione.",
    ),
    ("cli.send.bad_number", "Numer odbiorcy musi być w formacie E.164, np. +48500100200."),
    ("cli.segments.no_input", "Podaj tekst albo --batch PLIK (- oznacza standardowe wejście)."),
    ("cli.segments.unreadable", "Nie mogę odczytać {path}: {error}"),
];
