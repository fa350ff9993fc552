//! Spellings of one person.

use super::*;

#[test]
fn every_spelling_leads_to_the_person() {
    let check = |text: &str, expect: &[&str]| assert_eq!(person_keys(text), expect, "{text}");
    check("+48500100200", &["+48500100200"]);
    check(" whatsapp:+48 500-100-200 ", &["+48500100200", "whatsapp:+48 500-100-200"]);
    check("WhatsApp:+48500100200", &["+48500100200"]);
    check("sms:+48500100200", &["+48500100200", "sms:+48500100200"]);
    check("0048 500 100 200", &["+48500100200", "0048 500 100 200"]);
    check("+0048500100200", &["+48500100200", "+0048500100200"]);
    check("48500100200", &["+48500100200", "48500100200"]);
    check("500100200", &["+500100200", "+48500100200", "500100200"]);
    check("(500) 100.200", &["+500100200", "+48500100200", "(500) 100.200"]);
    check("72400", &["+72400", "72400"]);
    check("Moj_Bank", &["mojbank", "moj_bank"]);
    check("whatsapp:PL.Abc", &["plabc", "whatsapp:pl.abc"]);
    check("  ", &[]);
    check("", &[]);
}
