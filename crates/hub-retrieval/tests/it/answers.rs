//! Answers without a model: do they hold the fact, in whole sentences, within their segments?

use hub_domain::{folding, segments, sentences};
use hub_retrieval::{
    answer::extractive::{Budget, Extract, Frame, answer},
    article::Article,
    collection::{Collection, Found, Search},
};

use crate::data;

const FRAME: Frame<'_> = Frame { opening: "Bez AI, z artykułów:" };
const PLAIN: Budget = Budget { segments: 3, plain: true };

fn find(collection: &Collection, question: &str) -> Found {
    collection.search(&Search { question, ..Search::default() }, 5)
}

fn ask(collection: &Collection, question: &str, budget: Budget) -> Option<Extract> {
    answer(question, &find(collection, question).articles, collection.lexical(), FRAME, budget)
}

#[test]
fn an_answer_of_three_segments_mostly_has_the_fact() {
    let collection = data::collection();
    let questions = data::questions();
    let answerable = questions.iter().filter(|question| question.url.is_some());
    let has_fact = answerable.filter(|question| {
        let found = find(&collection, &question.text).articles;
        let extract = answer(&question.text, &found, collection.lexical(), FRAME, PLAIN).unwrap();
        let quoted = |fact: &String| {
            let text = |at: usize| &found[at].article().text;
            extract.quotes.iter().any(|quote| text(quote.article)[quote.range.clone()].contains(fact))
        };
        question.facts.iter().any(quoted)
    });
    let count = has_fact.count();
    println!("{count} of 60");
    assert!(count >= 52, "{count} of 60");
}

#[test]
fn answers_are_whole_sentences_with_a_link_within_the_budget() {
    let collection = data::collection();
    for (n, question) in data::questions().iter().enumerate().filter(|(n, _)| n % 3 == 0) {
        let found = find(&collection, &question.text).articles;
        for budget in [1, 2, 4].map(|segments| Budget { segments, plain: n % 2 == 0 }) {
            let Some(extract) = answer(&question.text, &found, collection.lexical(), FRAME, budget) else {
                assert!(found.is_empty() || budget.segments == 1, "{question:?} {budget:?}");
                continue;
            };
            let shown = |text: &str| if budget.plain { folding::fold(text) } else { text.to_owned() };
            let cost = segments::count(&extract.text);
            assert!(cost.segments <= budget.segments, "{extract:?}");
            assert!(extract.text.starts_with(&shown(FRAME.opening)), "{extract:?}");
            let named = extract.quotes.first().map_or(0, |quote| quote.article);
            assert!(extract.text.contains(&*found[named].article().url), "{extract:?}");
            for quote in &extract.quotes {
                let text = &found[quote.article].article().text;
                assert!(sentences::split(text).contains(&quote.range), "{extract:?}");
                assert!(extract.text.contains(&shown(&text[quote.range.clone()])), "{extract:?}");
                assert!(extract.text.contains(&*found[quote.article].article().url), "{extract:?}");
            }
            assert_eq!(ask(&collection, &question.text, budget), Some(extract));
        }
    }
}

#[test]
fn diacritics_of_the_question_change_nothing() {
    let collection = data::collection();
    for (question, stripped) in [
        ("ile kaucji za słoik będzie", "ILE KAUCJI ZA SLOIK BEDZIE"),
        ("po ile Łąka skupuje mleko od gospodarzy?", "po ile laka skupuje mleko od gospodarzy"),
    ] {
        assert_eq!(ask(&collection, question, PLAIN), ask(&collection, stripped, PLAIN));
    }
}

#[test]
fn an_answer_reads_like_this() {
    let collection = data::collection();
    let extract =
        ask(&collection, "kiedy zdrożeją słoiki i za ile je oddam", Budget { segments: 3, plain: true });
    assert_eq!(
        extract.unwrap().text,
        "Bez AI, z artykulow:\n\
         Za karton oddamy w kasie 50 groszy, za sloik zlotowke. Pieniadze wroca po zwrocie opakowania, bez \
         paragonu.\n\
         Kaucja obejmie sloiki i kartony po mleku\n\
         https://wiadomosci.example/smieci-kaucja"
    );
}

#[test]
fn headings_and_questions_are_answered_not_quoted() {
    let text = "Nowe ceny biletów\nIle kosztuje bilet do zoo? Od maja zapłacimy 35 zł. Dzieci wchodzą za darmo.\n\
                Godziny otwarcia zoo\nBrama stoi otworem od dziewiątej.";
    let article = Article {
        url: "https://zoo.example".into(),
        title: "Zoo".into(),
        category: String::new(),
        text: text.into(),
        published: None,
        scraped: None,
    };
    let collection = Collection::new(vec![article]);
    let told = |question: &str| ask(&collection, question, Budget { plain: false, ..PLAIN }).unwrap().text;
    let price = told("ile kosztuje bilet do zoo");
    assert!(price.contains("\nOd maja zapłacimy 35 zł.") && !price.contains("Ile kosztuje"), "{price}");
    let hours = told("godziny otwarcia zoo");
    assert!(hours.contains("\nBrama stoi otworem od dziewiątej.\n") && !hours.contains("Godziny"), "{hours}");
}

#[test]
fn where_no_sentence_fits_the_article_is_named() {
    let collection = data::collection();
    let question = "jaki podatek za miejsce garażowe w bloku";
    let pointer = ask(&collection, question, Budget { segments: 1, plain: true }).unwrap();
    assert_eq!(pointer.quotes, []);
    assert_eq!(
        pointer.text,
        "Bez AI, z artykulow:\nGaraz w bloku: sad obnizyl stawke podatku\n\
         https://wiadomosci.example/podatek-garaz"
    );
    let bare = ask(&collection, question, Budget { segments: 1, plain: false }).unwrap();
    assert_eq!(bare.text, "Bez AI, z artykułów:\nhttps://wiadomosci.example/podatek-garaz");
    let long = "Odpowiedź bez udziału AI, z artykułów naszej redakcji:";
    let found = find(&collection, question).articles;
    let tight = Budget { segments: 1, plain: false };
    assert_eq!(answer(question, &found, collection.lexical(), Frame { opening: long }, tight), None);
}

#[test]
fn a_name_among_documents_is_shown_as_no_link() {
    for (url, title, expect) in [
        ("0f3a", "Zoo", "Bez AI, z artykułów:\nBilet do zoo kosztuje 35 zł.\nZoo"),
        ("0f3a", "", "Bez AI, z artykułów:\nBilet do zoo kosztuje 35 zł."),
        (
            "http://zoo.example",
            "Zoo",
            "Bez AI, z artykułów:\nBilet do zoo kosztuje 35 zł.\nZoo\nhttp://zoo.example",
        ),
    ] {
        let article = Article {
            url: url.into(),
            title: title.into(),
            category: String::new(),
            text: "Bilet do zoo kosztuje 35 zł.".into(),
            published: None,
            scraped: None,
        };
        let collection = Collection::new(vec![article]);
        let budget = Budget { segments: 2, plain: false };
        let told = ask(&collection, "ile kosztuje bilet do zoo", budget).map(|extract| extract.text);
        assert_eq!(told.as_deref(), Some(expect), "{url} {title}");
    }
}

#[test]
fn a_link_keeps_its_letters() {
    let article = Article {
        url: "https://a.example/wiki/Łódź".into(),
        title: "Łódź".into(),
        category: String::new(),
        text: "Łódź leży nad Łódką i ma tramwaje, które jeżdżą od świtu do późnej nocy po całym mieście."
            .into(),
        published: None,
        scraped: None,
    };
    let text = ask(&Collection::new(vec![article]), "gdzie leży Łódź nad Łódką", PLAIN).unwrap().text;
    assert!(text.ends_with("\nhttps://a.example/wiki/Łódź"), "{text}");
}

#[test]
fn nothing_found_is_no_answer() {
    assert_eq!(ask(&data::collection(), "xyzzy", PLAIN), None);
    assert_eq!(ask(&Collection::default(), "kiedy otworzą most", PLAIN), None);
}
