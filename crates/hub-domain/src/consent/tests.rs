use super::*;
use crate::keywords::classify;

fn check(body: &str, verdict: Option<OptOutType>, opted_out: bool, expect: ConsentChange) {
    assert_eq!(
        consent_change(classify(body), verdict, opted_out),
        expect,
        "{body:?} {verdict:?} {opted_out}"
    );
}

#[test]
fn the_table_of_cases() {
    let out = |confirm| ConsentChange::OptOut { confirm };
    let back = |confirm| ConsentChange::OptIn { confirm };
    check("STOP", None, false, out(false));
    check("stop.", None, true, out(false));
    check("WYPISZ", None, false, out(true));
    check("Wypisz!", None, true, out(false));
    check("START", None, false, ConsentChange::None);
    check("START", None, true, back(false));
    check("YES", None, false, ConsentChange::None);
    check("YES", None, true, back(false));
    check("WZNÓW", None, true, back(true));
    check("WZNÓW", None, false, ConsentChange::None);
    check("HELP", None, true, ConsentChange::None);
    check("STOP PLEASE", None, false, ConsentChange::None);
    check("nie", None, false, ConsentChange::None);
    check("koniec tematu", Some(OptOutType::Stop), false, out(false));
    check("wracam", Some(OptOutType::Start), true, back(false));
    check("STOP", Some(OptOutType::Help), false, ConsentChange::None);
}
