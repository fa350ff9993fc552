//! `make bench ONLY=lexical`: how long a question takes among few and many passages, and what the index weighs.
//!
//! The passages are made of the test articles' words, drawn as often as words are in real texts (Zipf), and of
//! compounds of them, so that lists of tokens have real proportions. The questions are those of the tests, as
//! typed and with two typos. The same every time.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use hub_retrieval::{
    article::Article,
    collection::{Collection, Search, Shelf},
    evaluate::{Case, typing},
    lexical::{LexicalIndex, Query},
};
use serde::de::DeserializeOwned;

/// Different words in the passages.
const VOCABULARY: usize = 40_000;
/// Characters of a passage.
const PASSAGE: usize = 850;
/// How often every question is put.
const ROUNDS: usize = 5;
/// Articles of one passage in the collection that is rebuilt, and how often it is.
const REBUILT: usize = 1_000;
const REBUILDS: usize = 10;

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() {
    let questions = questions();
    println!("{:<8} {:<10} figures (goal: ok or MISSED)", "part", "passages");
    for (size, goal_ms) in [(1_000, 0.1), (100_000, 5.0)] {
        let passages = passages(size);
        let (index, built) = busy(|| index(&passages));
        let (mut times, searching): (Vec<Duration>, _) =
            busy(|| (0..ROUNDS).flat_map(|_| &questions).map(|question| search(&index, question)).collect());
        let each = searching / u32::try_from(times.len()).unwrap_or(1);
        times.sort_unstable();
        let (p50, p99) = (millis(at(&times, 0.5)), millis(at(&times, 0.99)));
        let mut grown = index.clone();
        let start = u32::try_from(size).unwrap_or(u32::MAX);
        let more = (start..).zip(passages.iter().take(100).map(String::as_str));
        let (added, adding) = busy(|| grown.add(more));
        let verdict = if p50 <= goal_ms { "ok" } else { "MISSED" };
        println!(
            "lexical  {size:<10} p50 {p50:.3} ms (≤ {goal_ms}: {verdict})  p99 {p99:.3} ms  CPU {:.3} ms  memory {:.1} MB  \
             built in {:.2} s of CPU  100 added in {:.1} ms of CPU ({})",
            millis(each),
            megabytes(index.memory()),
            built.as_secs_f64(),
            millis(adding),
            if added.is_ok() { "ok" } else { "refused" },
        );
    }
    let (rate, alone, each) = while_rebuilt(&questions);
    println!(
        "lexical  {REBUILT:<10} {alone:.0} whole searches/s alone (CPU {:.3} ms), {rate:.0}/s while \
         the collection is rebuilt",
        millis(each),
    );
}

/// Searches a second of one thread while another builds the collection anew, again and again; then alone.
fn while_rebuilt(questions: &[String]) -> (f64, f64, Duration) {
    let article = |(n, text): (usize, String)| Article {
        url: format!("https://{n}.example"),
        title: String::new(),
        category: String::new(),
        text,
        published: None,
        scraped: None,
    };
    let articles: Vec<Article> = passages(REBUILT).into_iter().enumerate().map(article).collect();
    let shelf = Shelf::default();
    shelf.replace(Collection::new(articles.clone()));
    let done = AtomicBool::new(false);
    let search = |question: &String| {
        let search = Search { question, ..Search::default() };
        std::hint::black_box(shelf.current().search(&search, 5));
    };
    let (((), alone), searching) = busy(|| timed(|| questions.iter().for_each(search)));
    let each = searching / u32::try_from(questions.len()).unwrap_or(1);
    let (searches, time) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            timed(|| {
                let mut searches = 0;
                while !done.load(Ordering::Relaxed) {
                    questions.iter().for_each(search);
                    searches += questions.len();
                }
                searches
            })
        });
        for _ in 0..REBUILDS {
            shelf.replace(Collection::new(articles.clone()));
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap_or_default()
    });
    let rate = |count: usize, time: Duration| {
        f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / time.as_secs_f64()
    };
    (rate(searches, time), rate(questions.len(), alone), each)
}

fn search(index: &LexicalIndex, question: &str) -> Duration {
    timed(|| std::hint::black_box(index.search(&Query::new(question), 100, None))).1
}

fn index(passages: &[String]) -> LexicalIndex {
    LexicalIndex::build((0..).zip(passages.iter().map(String::as_str))).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// Does something and says how long this thread had the processor for it: others' work doesn't count. Zero where
/// there is no Linux.
fn busy<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let had = || {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        let nanos = stat.split(' ').next().and_then(|nanos| nanos.parse().ok());
        Duration::from_nanos(nanos.unwrap_or_default())
    };
    let before = had();
    let done = work();
    (done, had().saturating_sub(before))
}

fn questions() -> Vec<String> {
    let cases: Vec<Case> = lines(include_str!("../tests/data/questions.jsonl"));
    let mistyped = (0..).zip(&cases).map(|(n, case)| typing::mistyped(&case.question, 2, n));
    cases.iter().map(|case| case.question.clone()).chain(mistyped).collect()
}

/// Passages of words drawn with a frequency of one over their rank.
fn passages(count: usize) -> Vec<String> {
    let words = vocabulary();
    let mut shares = Vec::with_capacity(words.len());
    let mut sum = 0.0;
    for rank in 1..=u32::try_from(words.len()).unwrap_or(u32::MAX) {
        sum += 1.0 / f64::from(rank);
        shares.push(sum);
    }
    let mut random = Random(1);
    let mut draw = || shares.partition_point(|share| *share < random.next() * sum);
    let mut passage = || {
        let mut text = String::with_capacity(PASSAGE + 20);
        while text.len() < PASSAGE {
            text.extend(words.get(draw()).map(String::as_str));
            text.push(' ');
        }
        text
    };
    (0..count).map(|_| passage()).collect()
}

/// The articles' words, the frequent ones first, then compounds of them.
fn vocabulary() -> Vec<String> {
    let articles: Vec<Article> = lines(include_str!("../tests/data/articles.jsonl"));
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for article in &articles {
        for word in article.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    let mut words: Vec<(String, usize)> = counts.into_iter().collect();
    words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut words: Vec<String> = words.into_iter().map(|(word, _)| word).collect();
    let (own, mut random) = (words.clone(), Random(2));
    let mut half = |first: bool| -> String {
        let word: Vec<char> =
            own.get(random.below(own.len())).map(|word| word.chars().collect()).unwrap_or_default();
        let (start, end) = word.split_at(word.len() / 2);
        if first { start } else { end }.iter().collect()
    };
    while words.len() < VOCABULARY {
        words.push(half(true) + &half(false));
    }
    words
}

/// A generator that is good enough for texts and the same everywhere.
struct Random(u64);

impl Random {
    /// From 0 up to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).unwrap_or_default()) / f64::from(u32::MAX)
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a place in a list, cut off"
    )]
    fn below(&mut self, end: usize) -> usize {
        (self.next() * end as f64) as usize
    }
}

fn lines<T: DeserializeOwned>(text: &str) -> Vec<T> {
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The duration below which this share of the sorted ones are.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a place in a list, cut off"
)]
fn at(sorted: &[Duration], share: f64) -> Duration {
    sorted.get((sorted.len() as f64 * share) as usize).copied().unwrap_or_default()
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "shown with one digit")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
