//! Signing in, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    (
        "door.demo.about",
        "Pokaz nie ma haseł: wejdź linkiem, który program wypisał przy starcie. Jest jednorazowy i ważny 30 minut; nowy dostaniesz, uruchamiając program ponownie.",
    ),
    ("door.enter", "Zaloguj się"),
    (
        "door.first.about",
        "To pierwsze konto i zostanie administratorem. Następne osoby dodasz w ustawieniach.",
    ),
    ("door.first.make", "Utwórz konto i wejdź"),
    ("door.first.title", "Utwórz pierwsze konto"),
    ("door.help", "Nie możesz wejść?"),
    (
        "door.help.about",
        "Administrator ustawi Ci nowe hasło w ustawieniach. Kto ma dostęp do serwera, wejdzie jednorazowym linkiem, który program wypisuje przy starcie, albo ustawi hasło poleceniem: twilio-chat user password NAZWA.",
    ),
    ("door.name", "Nazwa użytkownika"),
    (
        "door.new.about",
        "Nikt nie ma tu jeszcze konta. Otwórz jednorazowy link, który program wypisał przy starcie (ważny 30 minut; nowy dostaniesz, uruchamiając go ponownie), i utwórz pierwsze.",
    ),
    ("door.new.title", "Witaj w Twilio Chat"),
    ("door.password", "Hasło"),
    (
        "door.refused.common",
        "To hasło jest zbyt łatwe do odgadnięcia. Wybierz inne, na przykład kilka niezwiązanych słów.",
    ),
    (
        "door.refused.last_admin",
        "Musi zostać choć jeden administrator, który może wejść. Najpierw dodaj drugiego.",
    ),
    (
        "door.refused.link",
        "Ten link jest nieznany, użyty albo przeterminowany. Nowy dostaniesz, uruchamiając program ponownie.",
    ),
    ("door.refused.long", "Hasło może mieć najwyżej {most} znaków."),
    ("door.refused.name", "Nazwa może mieć od 1 do 64 znaków, bez spacji. Adres e-mail też się nadaje."),
    ("door.refused.name_taken", "Ktoś już ma tę nazwę. Wybierz inną."),
    ("door.refused.present", "Obecne hasło jest nieprawidłowe."),
    ("door.refused.short", "Hasło musi mieć co najmniej {least} znaków."),
    (
        "door.refused.too_many",
        "Za dużo prób. Poczekaj minutę i spróbuj ponownie; jednorazowy link ze startu programu działa zawsze.",
    ),
    ("door.refused.unknown", "Nie ma już takiej osoby. Odśwież stronę."),
    ("door.refused.wrong", "Nazwa lub hasło się nie zgadza."),
    ("door.rule", "Co najmniej {least} znaków. Może być zdaniem ze spacjami; menedżer haseł mile widziany."),
    ("door.sign_in", "Logowanie"),
];
