//! A question and its answer without a model: whole sentences of the articles, within a number of segments.
//!
//! Where nothing is known the answer says so; where the question is too short to be sure, it asks back.

use std::borrow::Cow;

use hub_domain::{folding, segments};
use hub_retrieval::{
    answer::extractive::{self, Budget, Frame},
    collection::{Collection, Found, Search},
    hits::Hit,
    verdict::Verdict,
};
use jiff::Timestamp;

use crate::{i18n::Lang, t};

/// Titles that are named when asking back.
const NAMED: usize = 3;
/// Longer ones are shortened, in characters.
const LONGEST_TITLE: usize = 100;

/// A question as it is put.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// As it was typed.
    pub question: &'a str,
    /// Articles that may be found.
    pub limit: usize,
    /// When it is asked, for the age of the news.
    pub now: Option<Timestamp>,
    /// The language of the answer's own words.
    pub lang: Lang,
    /// Segments that the answer may take.
    pub segments: usize,
    /// Passages that are near it in meaning; none where that can't be told.
    pub dense: &'a [Hit],
}

/// What is answered.
#[derive(Debug)]
pub struct Answer {
    /// To be sent as it is.
    pub text: String,
    /// What it was made of, best first.
    pub found: Found,
}

/// Answers from the articles, found by their words and by what is near in meaning.
pub fn answer(collection: &Collection, asked: &Asked<'_>) -> Answer {
    let search = Search { question: asked.question, dense: asked.dense, now: asked.now, ..Search::default() };
    let found = collection.search(&search, asked.limit);
    let text = match found.verdict {
        Verdict::Known => quoted(collection, asked, &found),
        Verdict::Doubtful => asked_back(asked, &found),
        Verdict::Unknown => None,
    };
    let text = text.unwrap_or_else(|| t!(asked.lang, "knowledge.unknown").to_owned());
    Answer { text, found }
}

fn quoted(collection: &Collection, asked: &Asked<'_>, found: &Found) -> Option<String> {
    let frame = Frame { opening: t!(asked.lang, "knowledge.opening") };
    let budget = Budget { segments: asked.segments, plain: true };
    let extract = extractive::answer(asked.question, &found.articles, collection.lexical(), frame, budget)?;
    Some(extract.text)
}

/// Asks whether it is about what was found, naming as much of that as fits.
fn asked_back(asked: &Asked<'_>, found: &Found) -> Option<String> {
    let mut text = t!(asked.lang, "knowledge.ask_back").to_owned();
    let titles = found.articles.iter().filter_map(|found| short(&found.article().title));
    for title in titles.take(NAMED) {
        let longer = format!("{text}\n- {title}");
        if segments::count(&folding::around_links(&longer)).segments <= asked.segments.max(1) {
            text = longer;
        }
    }
    text.contains('\n').then(|| folding::around_links(&text).into_owned())
}

/// A title on one line, a long one up to a word; `None` where nothing can be shown of it.
fn short(title: &str) -> Option<Cow<'_, str>> {
    let title = title.lines().map(str::trim).find(|line| !line.is_empty())?;
    let Some((end, _)) = title.char_indices().nth(LONGEST_TITLE) else { return Some(title.into()) };
    let (words, _) = title.get(..end)?.rsplit_once(char::is_whitespace)?;
    Some(format!("{}…", words.trim_end()).into())
}

#[cfg(test)]
mod tests {
    use hub_retrieval::{article::Article, hits::Hit};

    use super::*;

    #[test]
    fn asking_back_names_as_much_as_fits() {
        const BACK: &str = "Nie mam pewności, o co chodzi. Czy o to:";
        const BACK_PLAIN: &str = "Nie mam pewnosci, o co chodzi. Czy o to:";
        let long_title = "Kaucja żłobków ".repeat(200);
        let shortened = format!("\n- {}Kaucja", "Kaucja zlobkow ".repeat(6));
        let endless = "Kaucja".repeat(500);
        let said = |text: &str| Some(text.to_owned());
        for (titles, segments, expect) in [
            (vec!["Kaucja"], 3, said(&format!("{BACK}\n- Kaucja"))),
            (vec!["Kaucja\nza słoik"], 1, said(&format!("{BACK}\n- Kaucja"))),
            (vec![&*long_title], 3, said(&format!("{BACK_PLAIN}{shortened}..."))),
            (vec![&*long_title], 1, said(&format!("{BACK_PLAIN}{shortened}..."))),
            (vec![&*long_title, &*long_title], 1, said(&format!("{BACK_PLAIN}{shortened}..."))),
            (vec![&*long_title, "Kaucja"], 1, said(&format!("{BACK_PLAIN}{shortened}...\n- Kaucja"))),
            (vec![&*endless, "Kaucja"], 1, said(&format!("{BACK}\n- Kaucja"))),
            (vec![&*endless, ""], 3, None),
        ] {
            let asked = Asked { question: "", limit: 5, now: None, lang: Lang::Pl, segments, dense: &[] };
            assert_eq!(asked_back(&asked, &found(&titles)), expect, "{titles:?} {segments}");
        }
    }

    /// Articles of these titles, found in this order.
    fn found(titles: &[&str]) -> Found {
        let article = |(at, title): (usize, &&str)| Article {
            url: format!("https://a.example/{at}"),
            title: (*title).to_owned(),
            category: String::new(),
            text: format!("Zdanie {at}."),
            published: None,
            scraped: None,
        };
        let collection = Collection::new(titles.iter().enumerate().map(article).collect());
        let hits = collection.passages().zip([0.9, 0.8, 0.7, 0.6]);
        let dense: Vec<Hit> = hits.map(|(passage, score)| Hit { number: passage.number, score }).collect();
        let found = collection.search(&Search { dense: &dense, ..Search::default() }, 5);
        assert_eq!(found.articles.len(), titles.len());
        found
    }
}
