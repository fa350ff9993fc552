//! Knowledge base, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("knowledge.opening", "Bez AI, z artykułów:"),
    ("knowledge.unknown", "Nie znam odpowiedzi na to pytanie."),
    ("knowledge.ask_back", "Nie mam pewności, o co chodzi. Czy o to:"),
    ("knowledge.nothing_new", "Brak nowych informacji w tej kategorii."),
    ("knowledge.busy", "Baza wiedzy jest właśnie zmieniana. Spróbuj za chwilę."),
    ("knowledge.nothing", "Nie ma tu ani wektorów, ani dokumentów."),
    ("knowledge.refused", "  ! {file}: {reason}"),
    ("knowledge.passed_over", "Pominięte pliki bazy wiedzy:\n{files}"),
    ("knowledge.fault", "Baza wiedzy: {error}"),
    ("knowledge.built", "Gotowe bez AI. Dokumenty indeksu (docs.json): {documents}."),
    ("knowledge.built_beside", "Gotowe bez AI. Indeks bez zmian: dokumenty {documents}, wektory {vectors}."),
    ("knowledge.built_snapshot", "Fragmenty artykułów (documents.json, documents.jsonl): {passages}."),
    ("knowledge.built_without", "Wektory tych, które ich nie mają, policzy build z SECOND_OPENAI."),
    ("knowledge.exported", "Zapisano w {folder}: {documents} dokumentów, {vectors} wektorów."),
    ("knowledge.imported", "Przejęto {files}: {documents} dokumentów, {vectors} wektorów."),
    ("knowledge.dropped", "Wektory bez dokumentu, pominięte: {rows}. Dokumenty bez wektora: {documents}."),
    (
        "knowledge.with_articles",
        "Artykuły, których tu nie było, dodane do articles.jsonl: {articles}. Wektory, których nie mają, policzy build z SECOND_OPENAI.",
    ),
    (
        "knowledge.status",
        "Indeks {index} w {folder}\nTryb: {mode}\nPliki: {layout}\nArtykuły: {articles}, fragmenty: {passages}\nDokumenty indeksu: {documents}\nWektory: {vectors}, wymiary: {dimensions}",
    ),
    ("knowledge.mode.no_llm", "bez AI (odpowiedzi są zdaniami artykułów)"),
    ("knowledge.mode.llm", "odpowiedzi pisze {model}, ze źródłami"),
    ("knowledge.hit", "{rank}. {title}\n   {id}"),
    ("knowledge.no_hits", "Nic nie znaleziono."),
    ("knowledge.input", "Podaj pytanie albo --batch PLIK."),
    ("knowledge.unreadable", "Nie mogę odczytać {path}: {error}"),
    ("knowledge.unwritable", "Nie mogę zapisać {path}: {error}"),
    ("knowledge.bad_lines", "{path}: nieczytelne linie, pominięte: {count}; pierwsza to {first}."),
    (
        "knowledge.figures",
        "Pytania: {questions} (bez odpowiedzi w zbiorze: {without})\nR@1 {r1}  R@5 {r5}  R@10 {r10}  MRR {mrr}",
    ),
];
