//! `knowledge search` and `knowledge ask`: one question, or a file of them as a run that evaluation tools read.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Write, stdin},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use hub_retrieval::{
    collection::{Found, Search},
    documents,
    verdict::Verdict,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Articles, Failure, Outcome, Place,
    source::Source,
    vectors::Near,
    words::{self, InWords},
};
use crate::{
    app::knowledge::{Answer, Asked, MadeBy, Wish, answer},
    t,
};

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Pytanie · The question
    #[arg(conflicts_with = "batch", required_unless_present = "batch")]
    question: Option<String>,
    #[command(flatten)]
    articles: Articles,
    /// Plik pytań {"id","query"}; - to standardowe wejście · A file of questions; - is standard input
    #[arg(long, value_name = "QUERIES.jsonl")]
    batch: Option<PathBuf>,
    /// Plik wyników qid, docid, rank · Where the results of a batch go
    #[arg(long, value_name = "OUT.tsv", requires = "batch")]
    run: Option<PathBuf>,
    /// Ile artykułów · How many articles
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    k: u16,
    /// Jako JSON · As JSON
    #[arg(long, conflicts_with = "batch")]
    json: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct AskArguments {
    /// Pytanie · The question
    question: String,
    #[command(flatten)]
    articles: Articles,
    /// Ile segmentów SMS może mieć odpowiedź · How many SMS segments the answer may take
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=20))]
    segments: u16,
    /// Jako JSON · As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(place: &mut Place<'_>, arguments: &Arguments) -> Outcome {
    let source = Source::open(place, &arguments.articles)?;
    match (&arguments.question, &arguments.batch) {
        (_, Some(path)) => batch(place, &source, path, arguments),
        (Some(question), None) => one(place, &source, question, arguments),
        (None, None) => Err(Failure { text: t!(place.lang, "knowledge.input").to_owned(), code: 2 }),
    }
}

fn one(place: &mut Place<'_>, source: &Source, question: &str, arguments: &Arguments) -> Outcome {
    let near = source.near(question, place.lang)?;
    let search = Search { question, dense: &near.hits, ..Search::default() };
    let found = source.collection().search(&search, arguments.k.into());
    let value = json!({
        "query": question,
        "mode": near.mode(),
        "trouble": near.trouble,
        "verdict": word(found.verdict),
        "confidence": found.confidence,
        "results": results(source, &found),
        "refused": source.refused_json(),
    });
    let mut text = String::new();
    for (rank, found) in (1_u32..).zip(&found.articles) {
        let article = found.article();
        let line = t!(place.lang, "knowledge.hit", rank = rank, title = article.title, id = article.url);
        text.push_str(&line);
        text.push('\n');
    }
    if text.is_empty() {
        text.push_str(t!(place.lang, "knowledge.no_hits"));
        text.push('\n');
    }
    text.push_str(&notes(place, source, &near, !found.articles.is_empty()));
    place.show(arguments.json, &value, &text)?;
    complained(source.failure(place.lang, !found.articles.is_empty()).as_ref())
}

pub(super) fn ask(place: &mut Place<'_>, arguments: &AskArguments) -> Outcome {
    let source = Source::open(place, &arguments.articles)?;
    let near = source.near(&arguments.question, place.lang)?;
    let asked = Asked {
        question: &arguments.question,
        limit: 5,
        now: None,
        lang: place.lang,
        segments: arguments.segments.into(),
        dense: &near.hits,
    };
    let answer = answer(source.collection(), &asked);
    let in_words = in_words(place, arguments, &answer)?;
    let worded = in_words.as_ref().map(|in_words| &in_words.worded);
    let said = worded.and_then(|worded| worded.text.as_ref());
    let text = said.unwrap_or(&answer.text);
    let made_by = if said.is_some() { MadeBy::Model } else { MadeBy::Articles };
    let verdict = worded.and_then(|worded| worded.verdict).unwrap_or(answer.found.verdict);
    let value = json!({
        "query": arguments.question,
        "mode": near.mode(),
        "trouble": near.trouble,
        "verdict": word(verdict),
        "confidence": answer.found.confidence,
        "answer": text,
        "made_by": made_by.as_str(),
        "model": worded.map(|worded| &worded.model),
        "decision": worded.and_then(|worded| worded.decision),
        "cited": worded.map(|worded| &worded.cited),
        "sources": results(&source, &answer.found),
        "refused": source.refused_json(),
    });
    let is_answered = verdict != Verdict::Unknown;
    let text = format!("{text}\n{}", notes(place, &source, &near, is_answered));
    place.show(arguments.json, &value, &text)?;
    let failure = source.failure(place.lang, is_answered);
    complained(in_words.as_ref().and_then(|in_words| in_words.complaint.as_ref()).or(failure.as_ref()))
}

/// What is to be said beside results: why they were found by words alone, and which files were passed over. Where there
/// are no results the latter is the failure.
fn notes(place: &Place<'_>, source: &Source, near: &Near, has_results: bool) -> String {
    let mut text = String::new();
    if let Some(error) = &near.trouble {
        text.push_str(&t!(place.lang, "vectors.words_alone", error = error));
        text.push('\n');
    }
    if let Some(refused) = source.refused(place.lang).filter(|_| has_results) {
        text.push_str(&refused);
    }
    text
}

/// The answer in a model's words, where there is a key; a file of articles is never shown to one.
fn in_words(
    place: &mut Place<'_>,
    arguments: &AskArguments,
    answer: &Answer,
) -> Result<Option<InWords>, Failure> {
    if arguments.articles.corpus.is_some() {
        return Ok(None);
    }
    let wish = Wish {
        question: &arguments.question,
        lang: place.lang,
        segments: arguments.segments.into(),
        purpose: "knowledge",
    };
    let configured = place.configured()?;
    words::in_words(place, &configured, &wish, answer)
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Known => "known",
        Verdict::Doubtful => "doubtful",
        Verdict::Unknown => "unknown",
    }
}

fn results(source: &Source, found: &Found) -> Vec<Value> {
    let result = |(rank, found): (u32, &hub_retrieval::collection::FoundArticle)| {
        let article = found.article();
        json!({
            "rank": rank,
            "id": source.id(article),
            "url": article.url,
            "title": article.title,
            "category": article.category,
            "score": found.score,
            "passage": found.quoted().next().map(|passage| passage.text),
        })
    };
    (1..).zip(&found.articles).map(result).collect()
}

/// The results were given; what could not be read is a failure all the same.
fn complained(complaint: Option<&String>) -> Outcome {
    complaint.map_or(Ok(ExitCode::SUCCESS), |text| Err(Failure::new(text)))
}

/// A question of a batch; other fields are ignored.
#[derive(Deserialize)]
struct Question {
    id: Value,
    query: String,
}

impl Question {
    fn read(line: &[u8]) -> Option<(String, String)> {
        let question: Self = serde_json::from_slice(line).ok().filter(|_| line.starts_with(b"{"))?;
        let id = match question.id {
            Value::String(id) => id,
            Value::Number(id) => id.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        is_cell(&id).then_some((id, question.query))
    }
}

/// Whether it can stand in a line of a run.
fn is_cell(id: &str) -> bool {
    !id.is_empty() && !id.contains(['\t', '\n', '\r'])
}

fn batch(place: &mut Place<'_>, source: &Source, path: &Path, arguments: &Arguments) -> Outcome {
    let questions: Box<dyn io::BufRead> = if path.as_os_str() == "-" {
        Box::new(stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(|error| place.unreadable(path, &error))?))
    };
    let limit = arguments.k.into();
    let outcome = match &arguments.run {
        None => ranked(source, questions, limit, &mut *place.out),
        Some(to) => {
            let unwritable = |error: io::Error| {
                Failure::new(t!(place.lang, "knowledge.unwritable", path = to.display(), error = error))
            };
            ranked(source, questions, limit, &mut File::create(to).map_err(unwritable)?)
        }
    };
    let bad = outcome.map_err(|error| match error {
        BatchError::In(error) => place.unreadable(path, &error),
        BatchError::Out(error) => Failure::of_output(&error),
    })?;
    let bad = bad.first().map(|first| {
        let (path, count) = (path.display(), bad.len());
        t!(place.lang, "knowledge.bad_lines", path = path, count = count, first = first)
    });
    complained(bad.as_ref().or(source.failure(place.lang, !source.is_empty()).as_ref()))
}

enum BatchError {
    In(io::Error),
    Out(io::Error),
}

/// Writes `qid<TAB>docid<TAB>rank` lines, and gives the numbers of lines that are no questions.
fn ranked(
    source: &Source,
    questions: impl io::BufRead,
    limit: usize,
    out: &mut dyn Write,
) -> Result<Vec<usize>, BatchError> {
    let mut out = BufWriter::new(out);
    let mut bad = Vec::new();
    let questions = documents::past_mark(questions).map_err(BatchError::In)?;
    for (number, line) in (1..).zip(questions.split(b'\n')) {
        let line = line.map_err(BatchError::In)?;
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let Some((id, question)) = Question::read(line) else {
            bad.push(number);
            continue;
        };
        let found = source.ranked(&question, limit);
        for (rank, article) in (1_u32..).zip(found.iter().filter(|id| is_cell(id))) {
            writeln!(out, "{id}\t{article}\t{rank}").map_err(BatchError::Out)?;
        }
    }
    out.flush().map_err(BatchError::Out)?;
    Ok(bad)
}
