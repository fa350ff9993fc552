use super::*;

const DAY: Duration = Duration::from_hours(24);

fn facts(article: u32, fingerprint: u64) -> Facts {
    Facts { article, fingerprint, age: Some(30 * DAY), is_title: false }
}

/// Ranks passages, numbered from 0 and best first, given as score and facts.
fn order(passages: &[(f32, Facts)]) -> Vec<(u32, Vec<u32>)> {
    let hits: Vec<Hit> =
        (0_u32..).zip(passages).map(|(number, (score, _))| Hit { number, score: *score }).collect();
    let ranked =
        rank(&hits, |number| passages.get(usize::try_from(number).unwrap()).map(|(_, facts)| *facts));
    ranked
        .into_iter()
        .map(|ranked| (ranked.article, ranked.passages.iter().map(|hit| hit.number).collect()))
        .collect()
}

#[test]
fn further_passages_lift_an_article() {
    let passages = [
        (0.9, facts(1, 10)),
        (0.85, facts(2, 20)),
        (0.6, facts(2, 21)),
        (0.5, facts(2, 22)),
        (0.4, facts(2, 23)),
    ];
    assert_eq!(order(&passages), [(2, vec![1, 2, 3]), (1, vec![0])]);
    assert_eq!(order(&passages[..2]), [(1, vec![0]), (2, vec![1])]);
}

#[test]
fn a_text_counts_once_wherever_it_stands() {
    let passages = [(0.9, facts(1, 10)), (0.9, facts(2, 10)), (0.5, facts(2, 21))];
    assert_eq!(order(&passages), [(1, vec![0]), (2, vec![2])]);
    assert_eq!(order(&passages[..2]), [(1, vec![0])]);
}

#[test]
fn of_two_alike_the_newer_comes_first_but_words_weigh_more() {
    let aged = |article, fingerprint, days| Facts { age: Some(days * DAY), ..facts(article, fingerprint) };
    assert_eq!(order(&[(0.9, aged(1, 10, 60)), (0.88, aged(2, 20, 1))])[0].0, 2);
    assert_eq!(order(&[(0.9, aged(1, 10, 60)), (0.7, aged(2, 20, 0))])[0].0, 1);
    let unknown = Facts { age: None, ..facts(1, 10) };
    assert_eq!(order(&[(0.9, unknown), (0.88, aged(2, 20, 1))])[0].0, 2);
}

#[test]
fn the_title_asked_for_comes_first() {
    let title = Facts { is_title: true, ..facts(2, 20) };
    assert_eq!(order(&[(0.9, facts(1, 10)), (0.2, title)]), [(2, vec![1]), (1, vec![0])]);
}

#[test]
fn equal_articles_stay_in_the_order_of_their_hits() {
    assert_eq!(order(&[(0.5, facts(9, 1)), (0.5, facts(3, 2)), (0.5, facts(5, 3))]).len(), 3);
    let articles: Vec<u32> = order(&[(0.5, facts(9, 1)), (0.5, facts(3, 2)), (0.5, facts(5, 3))])
        .iter()
        .map(|(a, _)| *a)
        .collect();
    assert_eq!(articles, [9, 3, 5]);
}
