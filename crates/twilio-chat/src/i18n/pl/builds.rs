//! Building an index of the knowledge base, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("builds.title", "Budowa indeksu"),
    (
        "builds.about",
        "Budowa zamienia fragmenty artykułów na wektory modelem {model}. Przed startem pokazuje koszt; za gotowe wektory nie płacisz drugi raz.",
    ),
    (
        "builds.about.words",
        "Bez klucza SECOND_OPENAI indeks powstaje po słowach, bez wektorów i bez kosztów.",
    ),
    ("builds.keys", "Wpisz klucz"),
    ("builds.build", "Zbuduj indeks"),
    ("builds.stop", "Zatrzymaj budowę"),
    ("builds.reload", "Odśwież stan"),
    (
        "builds.goes_on",
        "Możesz zamknąć tę stronę: budowa trwa dalej. Do jej końca odpowiada poprzedni indeks.",
    ),
    ("builds.embedding", "Wektory: {ready} z {total}"),
    ("builds.writing", "Zapisywanie nowego indeksu"),
    ("builds.spent", "{tokens} tokenów, ok. {cost} z ok. {all} USD"),
    ("builds.spent.unpriced", "{tokens} tokenów"),
    ("builds.spent.simulated", "{tokens} tokenów w symulatorze, bez kosztów"),
    ("builds.started", "Budowa ruszyła."),
    (
        "builds.done",
        "Indeks zbudowany. Fragmenty: {documents}, wektory: {vectors}, w tym nowo policzone: {paid}.",
    ),
    ("builds.done.words", "Indeks po słowach zbudowany. Fragmenty: {documents}."),
    ("builds.stopped", "Budowa zatrzymana. To, za co zapłacono, zostaje: następna zacznie od tego miejsca."),
    ("builds.stopping", "Budowa zatrzymuje się."),
    ("builds.not_to_stop", "Nie ma czego zatrzymać: nic się nie buduje albo indeks jest już zapisywany."),
    (
        "builds.under_way",
        "Budowa już trwa: {ready} z {total} wektorów. Poczekaj na jej koniec albo ją zatrzymaj.",
    ),
    ("builds.nothing", "Nie ma z czego zbudować indeksu: brak artykułów i dokumentów.{why}"),
    ("builds.sure", "Zbudować indeks?"),
    (
        "builds.sure.about",
        "Usługa policzy brakujące wektory. Budowę można zatrzymać w każdej chwili; poprzedni indeks odpowiada, aż nowy będzie cały.",
    ),
    (
        "builds.changed",
        "Usługa daje teraz wektory po {now} liczb, dotychczasowe mają {before}: wszystkie liczą się na nowo.",
    ),
    ("builds.missing", "Do policzenia"),
    ("builds.tokens", "Tokeny, około"),
    ("builds.cost", "Koszt"),
    ("builds.cost.about", "ok. {cost} USD"),
    ("builds.cost.nothing", "Nic nie kosztuje."),
    ("builds.cost.simulated", "Nic: liczy symulator."),
    ("builds.cost.unknown", "według cennika usługi ({model})"),
    (
        "builds.trouble.key",
        "Usługa wektorów nie przyjmuje klucza SECOND_OPENAI. Sprawdź go w ustawieniach kluczy.",
    ),
    (
        "builds.trouble.credit",
        "Na koncie usługi wektorów skończyły się środki. Doładuj je i zbuduj ponownie.",
    ),
    (
        "builds.trouble.silent",
        "Usługa wektorów nie odpowiada mimo wielu prób. Spróbuj ponownie za kilka minut.",
    ),
    (
        "builds.trouble.refused",
        "Usługa wektorów odrzuciła żądanie: {message}. Sprawdź EMBEDDING_MODEL i EMBED_BATCH_SIZE.",
    ),
    (
        "builds.trouble.unreadable",
        "Odpowiedzi usługi wektorów nie da się użyć ({error}). Sprawdź SECOND_OPENAI_BASE_URL i EMBEDDING_MODEL.",
    ),
    ("builds.trouble.kept", "Poprzedni indeks działa dalej, a za policzone wektory nie zapłacisz drugi raz."),
    ("builds.api.done", "Indeks FAISS został zbudowany pomyślnie"),
    ("builds.api.under_way", "Budowa indeksu FAISS trwa; stan: /api/news/faiss/build/progress"),
    ("builds.audit.started", "rozpoczęto budowę indeksu bazy wiedzy"),
    ("builds.audit.stopped", "zatrzymano budowę indeksu bazy wiedzy"),
];
