//! Passages of a real installation's articles are the ones that installation has.
//!
//! Its data is nobody's but its owner's, so it isn't here: the test runs where `HUB_TEST_X1` names such a
//! folder, and says so where it doesn't.

use std::{collections::BTreeMap, fs, path::PathBuf};

use hub_retrieval::{
    article::Article,
    passages::{self, PassageId},
};
use serde_json::Value;

#[test]
fn the_passages_are_those_of_the_earlier_program() {
    let Some(folder) = std::env::var_os("HUB_TEST_X1").map(PathBuf::from) else {
        println!("not run: HUB_TEST_X1 names no folder");
        return;
    };
    let articles = fs::read_to_string(folder.join("articles.jsonl")).unwrap();
    let documents: Vec<Value> =
        serde_json::from_slice(&fs::read(folder.join("documents.json")).unwrap()).unwrap();
    let mut expect: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for document in &documents {
        let field = |value: &'static str| document[value].as_str().unwrap();
        let url = document["metadata"]["url"].as_str().unwrap();
        expect.entry(url).or_default().push((field("id"), field("page_content")));
    }
    let mut compared = 0;
    for line in articles.lines() {
        let article: Article = serde_json::from_str(line).unwrap();
        let ranges = passages::split(&article.text, passages::Cut::default());
        let texts: Vec<&str> = ranges.into_iter().map(|range| &article.text[range]).collect();
        let ids: Vec<String> = texts
            .iter()
            .enumerate()
            .map(|(n, text)| PassageId::new(&article.url, n, text).to_string())
            .collect();
        let ours: Vec<(&str, &str)> = ids.iter().map(String::as_str).zip(texts).collect();
        assert_eq!(expect.get(&*article.url), Some(&ours), "{}", article.url);
        compared += ours.len();
    }
    assert_eq!(compared, documents.len());
    println!("{compared} passages compared");
}
