use super::*;

/// `t` they, `m` our machine, `u` we; with the second and the text.
fn talk(lines: &[(char, i64, &str)]) -> Vec<Recent> {
    let by = |who| match who {
        't' => By::Them,
        'm' => By::Machine,
        _ => By::Us,
    };
    let at = |second| Timestamp::from_second(1_767_225_600 + second).unwrap();
    lines
        .iter()
        .map(|(who, second, body)| Recent { by: by(*who), at: at(*second), body: (*body).to_owned() })
        .collect()
}

fn check(lines: &[(char, i64, &str)], expect: Option<LoopSign>) {
    assert_eq!(sign(&talk(lines)), expect, "{lines:?}");
}

/// Four different questions, each `gap` seconds after our answer.
fn four(gap: i64) -> Vec<(char, i64, &'static str)> {
    let mut lines = Vec::new();
    for (turn, body) in
        (0..).zip(["Czy macie chleb żytni", "A ile kosztuje", "Do której otwarte", "Dziękuję bardzo"])
    {
        let second = turn * (gap + 5);
        lines.push(('t', second, body));
        lines.push(('m', second + 5, "odpowiedź"));
    }
    lines.pop();
    lines
}

#[test]
fn four_turns_within_seconds_of_our_answers_are_a_machine() {
    check(&four(19), Some(LoopSign::Quick));
    check(&four(20), None);
    check(&four(1)[2..], None);
}

#[test]
fn a_person_of_ours_begins_a_new_count() {
    let mut lines = four(1);
    lines.insert(3, ('u', 12, "tu Ewa"));
    check(&lines, None);
}

#[test]
fn three_times_nearly_the_same_is_a_machine_however_slow() {
    let auto = |number: i64| {
        (
            't',
            number * 3_000,
            if number == 1 {
                "Jestem na urlopie do 15.07, odpiszę"
            } else {
                "Jestem na urlopie do 16.07, odpiszę"
            },
        )
    };
    check(&[auto(0), ('m', 10, "a"), auto(1), ('m', 3_010, "b"), auto(2)], Some(LoopSign::Same));
    check(&[auto(0), ('m', 10, "a"), auto(1), ('m', 3_010, "b"), ('t', 6_000, "Dzień dobry")], None);
    // Without answers in between it is one turn of somebody impatient.
    check(&[auto(0), auto(1), auto(2)], None);
    check(&[('t', 0, "a"), ('m', 100, "x"), ('t', 200, "b"), ('m', 300, "y"), ('t', 400, "c")], None);
    let old = 100_000;
    check(
        &[auto(0), ('m', 10, "a"), ('t', old, auto(0).2), ('m', old + 50, "b"), ('t', old + 100, auto(0).2)],
        None,
    );
}

#[test]
fn nothing_is_no_sign() {
    check(&[], None);
    check(&[('t', 0, "Hej")], None);
    check(&[('m', 0, "Hej")], None);
}
