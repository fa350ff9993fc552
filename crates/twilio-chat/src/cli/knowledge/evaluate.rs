//! `knowledge evaluate`: how well questions find the articles that are relevant to them.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
};

use clap::Args;
use hub_retrieval::{
    documents,
    evaluate::relevance::{DEPTH, Relevance},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Articles, Failure, Outcome, Place, source::Source};
use crate::t;

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Plik pytań {"query","relevant":[id,…]} · A file of questions with ids of what is relevant
    #[arg(value_name = "QUESTIONS.jsonl")]
    questions: PathBuf,
    #[command(flatten)]
    articles: Articles,
    /// Jako JSON · As JSON
    #[arg(long)]
    json: bool,
}

/// Other fields are ignored.
#[derive(Deserialize)]
struct Line {
    #[serde(alias = "question", alias = "text")]
    query: String,
    #[serde(alias = "relevant_ids", alias = "relevant_id")]
    relevant: Value,
}

pub(super) fn run(place: &mut Place<'_>, arguments: &Arguments) -> Outcome {
    let source = Source::open(place, &arguments.articles)?;
    let questions = read(place, &arguments.questions)?;
    let lists: Vec<(Vec<String>, Vec<String>)> = questions
        .into_iter()
        .map(|(question, relevant)| (source.ranked(&question, DEPTH), relevant))
        .collect();
    let figures = Relevance::of(lists.iter().map(|(ranked, relevant)| (&**ranked, &**relevant)));
    let value = json!({
        "mode": "no_llm",
        "questions": figures.questions,
        "without": figures.without,
        "r@1": figures.recall_at_1,
        "r@5": figures.recall_at_5,
        "r@10": figures.recall_at_10,
        "mrr": figures.mrr,
    });
    let text = t!(
        place.lang,
        "knowledge.figures",
        questions = figures.questions,
        without = figures.without,
        r1 = format!("{:.3}", figures.recall_at_1),
        r5 = format!("{:.3}", figures.recall_at_5),
        r10 = format!("{:.3}", figures.recall_at_10),
        mrr = format!("{:.3}", figures.mrr)
    );
    place.show(arguments.json, &value, &text)?;
    match source.failure(place.lang, !source.is_empty()) {
        Some(complaint) => Err(Failure::new(complaint)),
        None => Ok(std::process::ExitCode::SUCCESS),
    }
}

/// Figures over some of the questions would mislead: a line that can't be read ends the command.
fn read(place: &Place<'_>, path: &Path) -> Result<Vec<(String, Vec<String>)>, Failure> {
    let file = File::open(path).map_err(|error| place.unreadable(path, &error))?;
    let mut questions = Vec::new();
    let lines = documents::past_mark(BufReader::new(file)).map_err(|error| place.unreadable(path, &error))?;
    for (number, line) in (1_usize..).zip(lines.split(b'\n')) {
        let line = line.map_err(|error| place.unreadable(path, &error))?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let question = serde_json::from_slice(&line)
            .ok()
            .and_then(|line: Line| Some((line.query, ids(&line.relevant)?)));
        questions.push(question.ok_or_else(|| {
            let (path, first) = (path.display(), number);
            Failure::new(t!(place.lang, "knowledge.bad_lines", path = path, count = 1, first = first))
        })?);
    }
    Ok(questions)
}

/// One id or a list of them.
fn ids(relevant: &Value) -> Option<Vec<String>> {
    match relevant {
        Value::Null => Some(Vec::new()),
        Value::String(id) => Some(vec![id.clone()]),
        Value::Number(id) => Some(vec![id.to_string()]),
        Value::Array(several) => several.iter().map(|one| ids(one)?.pop()).collect(),
        Value::Bool(_) | Value::Object(_) => None,
    }
}
