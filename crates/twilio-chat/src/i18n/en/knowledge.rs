//! Knowledge base, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("knowledge.opening", "Without AI, from articles:"),
    ("knowledge.unknown", "I don't know the answer to this question."),
    ("knowledge.ask_back", "I'm not sure what you mean. Is it this:"),
    ("knowledge.nothing_new", "Nothing new in this section."),
    ("knowledge.busy", "The knowledge base is being changed. Try again in a moment."),
    ("knowledge.nothing", "There are neither vectors nor documents here."),
    ("knowledge.refused", "  ! {file}: {reason}"),
    ("knowledge.passed_over", "Files of the knowledge base that were passed over:\n{files}"),
    ("knowledge.fault", "Knowledge base: {error}"),
    ("knowledge.built", "Done without AI. Documents of the index (docs.json): {documents}."),
    (
        "knowledge.built_beside",
        "Done without AI. The index is as it was: documents {documents}, vectors {vectors}.",
    ),
    ("knowledge.built_snapshot", "Passages of articles (documents.json, documents.jsonl): {passages}."),
    ("knowledge.built_without", "A build with SECOND_OPENAI makes the vectors of those that have none."),
    ("knowledge.exported", "Written to {folder}: {documents} documents, {vectors} vectors."),
    ("knowledge.imported", "Took over {files}: {documents} documents, {vectors} vectors."),
    (
        "knowledge.dropped",
        "Vectors without a document, left out: {rows}. Documents without a vector: {documents}.",
    ),
    (
        "knowledge.with_articles",
        "Articles that were not here, added to articles.jsonl: {articles}. A build with SECOND_OPENAI makes the vectors they lack.",
    ),
    (
        "knowledge.status",
        "Index {index} in {folder}\nMode: {mode}\nFiles: {layout}\nArticles: {articles}, passages: {passages}\nDocuments of the index: {documents}\nVectors: {vectors}, dimensions: {dimensions}",
    ),
    ("knowledge.mode.no_llm", "without AI (answers are sentences of the articles)"),
    ("knowledge.mode.llm", "{model} writes the answers, with sources"),
    ("knowledge.hit", "{rank}. {title}\n   {id}"),
    ("knowledge.no_hits", "Nothing was found."),
    ("knowledge.input", "Give a question or --batch FILE."),
    ("knowledge.unreadable", "Can't read {path}: {error}"),
    ("knowledge.unwritable", "Can't write {path}: {error}"),
    ("knowledge.bad_lines", "{path}: lines that can't be read, passed over: {count}; the first is {first}."),
    (
        "knowledge.figures",
        "Questions: {questions} (without an answer in the set: {without})\nR@1 {r1}  R@5 {r5}  R@10 {r10}  MRR {mrr}",
    ),
];
