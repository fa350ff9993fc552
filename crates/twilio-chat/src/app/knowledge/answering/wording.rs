//! What search found, put into a model's words: one answer, or one of every section.
//!
//! Where search knows nothing no model is asked; where a short question leaves it in doubt, the customer is.

use hub_domain::answering::sources::Excerpt;
use hub_domain::assistant::Passage;
use hub_retrieval::{
    collection::FoundArticle,
    verdict::{Verdict, is_short},
};
use hub_store::NewReceipt;
use jiff::tz::TimeZone;

use super::{
    super::{Answer, Section, coverage},
    Answerer, SPENT_UP, language, of_lang,
    rounds::{Outcome, Wanted, WantedPart, Written},
};
use crate::{i18n::Lang, t};

/// Passages of one article that a model is given.
const OF_ARTICLE: usize = 2;
/// An article is given beside the best one from this share of its score on: what is about something else only
/// misleads.
const BESIDE: f32 = 0.1;

/// The word for passages in which a model found nothing about the question.
pub(in crate::app::knowledge) const FOUND_NOTHING: &str = "found_nothing";

/// What came of asking a model.
#[derive(Debug)]
pub struct Worded {
    /// To be said; `None`: the articles' own sentences are.
    pub text: Option<String>,
    /// What the model thinks of the question where search thought otherwise.
    pub verdict: Option<Verdict>,
    /// The addresses of the articles it cites.
    pub cited: Vec<String>,
    /// What became of its words, for the receipt, or why it was not asked; `None`: there was nothing to ask it.
    pub decision: Option<&'static str>,
    /// The model that writes.
    pub model: String,
    /// The record of the calls, if any was made.
    pub receipt: Option<NewReceipt>,
}

/// What is asked, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// As it was typed.
    pub question: &'a str,
    /// The language where the question's words don't tell it.
    pub lang: Lang,
    /// Segments of the answer, or of each section of it.
    pub segments: usize,
    /// What the receipt says it was for.
    pub purpose: &'static str,
}

/// Whether a model is asked at all: not where search knows nothing, nor where a short question is better asked back.
pub fn is_for_model(question: &str, verdict: Verdict) -> bool {
    match verdict {
        Verdict::Known => true,
        Verdict::Doubtful => !is_short(question),
        Verdict::Unknown => false,
    }
}

/// Puts an answer into a model's words; `None` where there is nothing to ask it.
pub async fn answer_in_words(answerer: &Answerer, wish: &Wish<'_>, answer: &Answer) -> Option<Worded> {
    if !is_for_model(wish.question, answer.found.verdict) {
        return None;
    }
    let lang = language(wish.question, wish.lang);
    let part = WantedPart {
        name: None,
        opening: t!(lang, "answering.opening").to_owned(),
        excerpts: excerpts(&answer.found.articles),
    };
    let outcome = answerer.write(wish.wanted(lang, vec![part], true)).await;
    let mut worded = Worded::of(answerer, &outcome);
    worded.text = match outcome.parts.into_iter().next() {
        Some(Written::Said(fit)) => Some(fit.text),
        // In doubt already: rather ask back than say that nothing is known.
        Some(Written::Nothing) if answer.found.verdict == Verdict::Known => {
            worded.verdict = Some(Verdict::Unknown);
            Some(t!(lang, "knowledge.unknown").to_owned())
        }
        Some(Written::Nothing | Written::Refused(_) | Written::Failed) | None => None,
    };
    worded.receipt = outcome.receipt;
    Some(worded)
}

/// Puts the sections that have something into a model's words; `None` where none has. A section whose words can't be
/// said is given in its articles' own sentences and says so.
pub(super) async fn sections_in_words(
    answerer: &Answerer,
    wish: &Wish<'_>,
    sections: &[Section],
) -> Option<Worded> {
    let lang = language(wish.question, wish.lang);
    let with_data: Vec<&Section> = sections.iter().filter(|section| !section.found.is_empty()).collect();
    if with_data.is_empty() {
        return None;
    }
    let part = |section: &&Section| WantedPart {
        name: Some(section.name.clone()),
        opening: section.heading(),
        excerpts: excerpts(&section.found),
    };
    let parts = with_data.iter().map(part).collect();
    let outcome = answerer.write(wish.wanted(lang, parts, false)).await;
    let mut worded = Worded::of(answerer, &outcome);
    let was_written = |written: &Written| matches!(written, Written::Said(_) | Written::Nothing);
    if outcome.parts.iter().any(was_written) {
        let mut written = outcome.parts.into_iter();
        let texts = sections.iter().map(|section| {
            let written = if section.found.is_empty() { None } else { written.next() };
            section_text(section, written, lang)
        });
        worded.text = Some(coverage::joined(t!(lang, "answering.opening"), texts));
    }
    worded.receipt = outcome.receipt;
    Some(worded)
}

fn section_text(section: &Section, written: Option<Written>, lang: Lang) -> String {
    match written {
        Some(Written::Said(fit)) => fit.text,
        Some(Written::Nothing) | None => coverage::under(&section.heading(), None, lang),
        Some(Written::Refused(_) | Written::Failed) => {
            let heading = t!(lang, "answering.section_quoted", name = section.heading());
            coverage::under(&heading, section.quoted.as_deref(), lang)
        }
    }
}

impl Wish<'_> {
    fn wanted(&self, lang: Lang, parts: Vec<WantedPart>, plain: bool) -> Wanted<'_> {
        let (question, segments, purpose) = (self.question, self.segments, self.purpose);
        Wanted { question, language: of_lang(lang), parts, segments, plain, purpose }
    }
}

impl Worded {
    /// No model is asked: the day's money is spent.
    pub(crate) fn spent_up(answerer: &Answerer) -> Self {
        let (decision, model) = (Some(SPENT_UP), answerer.model.clone());
        Self { text: None, verdict: None, cited: Vec::new(), decision, model, receipt: None }
    }

    fn of(answerer: &Answerer, outcome: &Outcome) -> Self {
        let mut cited = Vec::new();
        for (written, sources) in outcome.parts.iter().zip(&outcome.sources) {
            let Written::Said(fit) = written else { continue };
            let is_cited = |number: usize| fit.cited.contains(&number);
            let of_these = sources.iter().filter(|source| is_cited(source.number));
            cited.extend(of_these.filter_map(|source| source.excerpt.passage.url.clone()));
        }
        let decision = outcome.receipt.as_ref().map(|_| decision(&outcome.parts));
        Self { text: None, verdict: None, cited, decision, model: answerer.model.clone(), receipt: None }
    }
}

/// The word of a receipt for what became of the words: that of the part that fared worst.
fn decision(parts: &[Written]) -> &'static str {
    let mut word = FOUND_NOTHING;
    for part in parts {
        match part {
            Written::Failed => return "quoted_failed",
            Written::Refused(fault) => return quoted(fault),
            Written::Said(_) => word = "answered_cited",
            Written::Nothing => {}
        }
    }
    word
}

const fn quoted(fault: &hub_domain::answering::judgement::Fault) -> &'static str {
    use hub_domain::answering::judgement::Fault;
    match fault {
        Fault::Uncited | Fault::UnknownSource => "quoted_uncited",
        Fault::TooLong => "quoted_too_long",
        Fault::Invented(_) | Fault::Link | Fault::Number => "quoted_invented",
        Fault::Rules | Fault::Secret => "quoted_unfit",
    }
}

/// The best passages of articles.
fn excerpts(articles: &[FoundArticle]) -> Vec<Excerpt> {
    let of_article = |found: &FoundArticle| -> Vec<Excerpt> {
        let date = found.article().time().map(|time| time.to_zoned(TimeZone::UTC).date());
        let passage = |passage: hub_retrieval::collection::PassageOf<'_>| Excerpt {
            passage: Passage {
                title: passage.article.title.clone(),
                url: Some(passage.article.url.clone()).filter(|url| !url.is_empty()),
                text: passage.text.to_owned(),
                score: found.score,
            },
            date,
        };
        found.quoted().take(OF_ARTICLE).map(passage).collect()
    };
    let least = articles.first().map_or(0.0, |best| best.score * BESIDE);
    articles.iter().filter(|found| found.score >= least).flat_map(of_article).collect()
}
