use super::count;

fn check(text: &str, segments: u32) {
    assert_eq!(count(text), segments, "{} characters", text.chars().count());
}

#[test]
fn segments_of_texts() {
    check("", 1);
    check(&"a".repeat(160), 1);
    check(&"a".repeat(161), 2);
    check(&"a".repeat(306), 2);
    check(&"a".repeat(307), 3);
    check(&"€".repeat(80), 1);
    check(&"€".repeat(81), 2);
    check(&format!("{}€{}", "a".repeat(152), "a".repeat(152)), 3);
    check(&"ż".repeat(70), 1);
    check(&format!("ż{}", "a".repeat(159)), 3);
    check(&format!("{}😀{}", "a".repeat(66), "a".repeat(66)), 3);
    check("Cześć ó", 1);
    check(&format!("{}`", "a".repeat(70)), 2);
}
