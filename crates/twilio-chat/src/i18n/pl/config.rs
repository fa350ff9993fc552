//! Configuration, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("config.problems.one", "Konfiguracja ma {count} błąd:"),
    ("config.problems.few", "Konfiguracja ma {count} błędy:"),
    ("config.problems.many", "Konfiguracja ma {count} błędów:"),
    ("config.problem", "{variable} ({place}): {what}"),
    ("config.problem.unnamed", "{place}: {what}"),
    ("config.place.environment", "zmienna środowiskowa"),
    ("config.place.dotenv", "plik .env, wiersz {line}"),
    ("config.place.panel", "ustawienie w panelu"),
    ("config.place.default", "wartość domyślna"),
    ("config.place.unset", "nie ustawiono"),
    ("config.malformed", "wartość ma złą postać. Oczekiwane: {expected}. Popraw ją albo usuń tę zmienną."),
    ("config.unknown", "nie znam takiej nazwy. Usuń ten wiersz; wszystkie nazwy są w .env.example."),
    (
        "config.unknown.nearest",
        "nie znam takiej nazwy. Najbliższa to {nearest}: popraw nazwę albo usuń ten wiersz.",
    ),
    ("config.syntax.not_utf8", "plik nie jest zapisany w UTF-8. Zapisz go w edytorze z kodowaniem UTF-8."),
    ("config.syntax.no_equals", "brak znaku =. Oczekiwane: NAZWA=wartość; komentarz zaczyna się od #."),
    (
        "config.syntax.bad_name",
        "przed znakiem = nie ma nazwy. Oczekiwane: NAZWA=wartość, nazwa z liter, cyfr i _.",
    ),
    (
        "config.syntax.unclosed_quote",
        "brak cudzysłowu zamykającego wartość. Dopisz go albo usuń otwierający.",
    ),
    (
        "config.syntax.text_after_quote",
        "po cudzysłowie zamykającym wartość jest dalszy tekst. Usuń go albo poprzedź znakiem #.",
    ),
    (
        "config.missing.companion",
        "brakuje jej, a ustawiono {present}. Uzupełnij ją (console.twilio.com) albo usuń {present}.",
    ),
    (
        "config.missing.sender",
        "nie wiadomo, z jakiego numeru wysyłać. Ustaw TWILIO_DEFAULT_FROM (numer, np. +48500100200) albo TWILIO_MESSAGING_SERVICE_SID.",
    ),
    (
        "config.missing.public_url",
        "bez niej nie da się sprawdzić podpisów Twilio. Ustaw publiczny adres tego programu (https://…) albo, tylko na czas prób, TWILIO_VALIDATE_SIGNATURE=false.",
    ),
    (
        "config.missing.signing_token",
        "podpisy Twilio sprawdza się tylko auth tokenem, nie kluczem API. Ustaw auth token konta albo, tylko na czas prób, TWILIO_VALIDATE_SIGNATURE=false.",
    ),
    (
        "config.conflict.unsigned_production",
        "przy APP_ENV=production podpisy muszą być sprawdzane. Ustaw TWILIO_VALIDATE_SIGNATURE=true albo inne APP_ENV.",
    ),
    ("config.conflict.overlap", "musi być mniejsza niż CHUNK_SIZE. Zmniejsz ją albo zwiększ CHUNK_SIZE."),
    (
        "config.retired",
        "Nazwy z poprzedniej wersji programu, już bez znaczenia (można je usunąć z .env): {names}",
    ),
    ("config.expected.text", "tekst"),
    ("config.expected.secret", "tekst bez spacji"),
    ("config.expected.long_secret", "co najmniej {min} znaków, bez spacji"),
    ("config.expected.word", "jedno słowo, np. dev albo production"),
    ("config.expected.flag", "true albo false"),
    ("config.expected.whole", "liczba całkowita od {min} do {max}"),
    ("config.expected.amount", "kwota, np. 0,16; najwyżej sześć cyfr po przecinku"),
    ("config.expected.temperature", "liczba od 0 do 2, z kropką, np. 0.7"),
    ("config.expected.countries", "kody krajów po przecinku, np. PL, DE albo +48; * oznacza wszystkie"),
    ("config.expected.one_of", "jedno z: {words}"),
    ("config.expected.public_url", "adres http:// lub https:// bez ? i #, np. https://sms.example.pl"),
    ("config.expected.service_url", "adres http:// lub https:// bez użytkownika, ? i #"),
    ("config.expected.sid", "{prefix} i 32 znaki 0-9, a-f"),
    ("config.expected.zone", "nazwa strefy, np. Europe/Warsaw"),
    ("config.expected.path", "ścieżka, względna liczona od bieżącego katalogu"),
    ("config.expected.host", "adres IP, np. 0.0.0.0 albo 127.0.0.1"),
    ("config.expected.proxies", "adresy IP lub sieci po przecinku, np. 127.0.0.1, 10.0.0.0/8"),
    (
        "config.expected.sender",
        "numer (+48500100200), krótki numer, nazwa do 11 znaków albo whatsapp:+48500100200",
    ),
    (
        "config.expected.rates",
        "nadawcy z liczbą segmentów na sekundę po przecinku, np. +48500100200=10, MG…=100",
    ),
    ("config.expected.phone", "numer telefonu, np. +48500100200"),
    ("config.show.source.environment", "środowisko"),
    ("config.show.source.dotenv", ".env, wiersz {line}"),
    ("config.show.source.panel", "panel"),
    ("config.show.source.default", "domyślne"),
    ("config.show.source.demo", "demo"),
    ("config.show.unset", "(puste)"),
    ("config.show.hints", "Wskazówki"),
    (
        "config.hint.only_first_key",
        "Jest OPENAI_API_KEY, nie ma SECOND_OPENAI: rozmowy korzystają z AI, baza wiedzy działa bez modelu. Te klucze nie zastępują się nawzajem.",
    ),
    (
        "config.hint.only_second_key",
        "Jest SECOND_OPENAI, nie ma OPENAI_API_KEY: baza wiedzy korzysta z modelu, w rozmowach AI nie odpowiada. Te klucze nie zastępują się nawzajem.",
    ),
    ("config.hint.unconfigured", "Nie ma danych konta Twilio: wysyłka jest wstrzymana, webhooki odmawiają."),
    (
        "config.hint.signatures_off",
        "Podpisy webhooków nie są sprawdzane: każdy, kto zna adres, może podać się za Twilio.",
    ),
];
