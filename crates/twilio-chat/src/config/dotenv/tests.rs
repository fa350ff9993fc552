use super::*;

#[test]
fn assignments() {
    for (file, expect) in [
        ("A=1", &[("A", "1", 1)][..]),
        ("\u{feff}A=1\r\nB=2\r\n", &[("A", "1", 1), ("B", "2", 2)]),
        ("# comment\n\n  # another\nA=1", &[("A", "1", 4)]),
        ("A=Dzień dobry  Państwu ", &[("A", "Dzień dobry  Państwu", 1)]),
        ("A=pa$$w0rd ${HOME} $HOME", &[("A", "pa$$w0rd ${HOME} $HOME", 1)]),
        ("A=one # two", &[("A", "one", 1)]),
        ("A=one\t# two", &[("A", "one", 1)]),
        ("A=one#two # three", &[("A", "one#two", 1)]),
        ("A=#one", &[("A", "#one", 1)]),
        ("A=       # (optional)", &[("A", "", 1)]),
        ("A=", &[("A", "", 1)]),
        ("  A = b=c ", &[("A", "b=c", 1)]),
        ("export A=1\nexport\tB=2", &[("A", "1", 1), ("B", "2", 2)]),
        ("exported=1", &[("exported", "1", 1)]),
        ("A='it''s'", &[]),
        (r"A='a\'b\\c\n$d'", &[("A", r"a'b\c\n$d", 1)]),
        (r#"A="a\"b\\c\n\td\qe'""#, &[("A", "a\"b\\c\n\td\\qe'", 1)]),
        (r"A='say \'", &[]),
        ("A=\" kept \" # comment", &[("A", " kept ", 1)]),
        ("A='x'#comment", &[("A", "x", 1)]),
        ("A=\"two\nlines # no comment\"\nB=1", &[("A", "two\nlines # no comment", 1), ("B", "1", 3)]),
        ("A=it's \"so\"", &[("A", "it's \"so\"", 1)]),
        ("A=1\nA=2", &[("A", "1", 1), ("A", "2", 2)]),
    ] {
        let (entries, _) = parse(file.as_bytes());
        let read: Vec<_> = entries.iter().map(|e| (e.name.as_str(), e.value.as_str(), e.line)).collect();
        assert_eq!(read, expect, "{file:?}");
    }
}

#[test]
fn faults_have_line_and_name_and_do_not_hide_other_lines() {
    for (file, line, name, fault) in [
        (&b"A=1\nB\nC=2"[..], 2, None, SyntaxFault::NoEquals),
        (b"A=1\nsk-abc=secret\nC=2", 2, None, SyntaxFault::BadName),
        (b"A=1\n=secret\nC=2", 2, None, SyntaxFault::BadName),
        (b"A=1\nB='secret\nC=2", 2, Some("B"), SyntaxFault::UnclosedQuote),
        (b"A=1\nB=\"secret\" more\nC=2", 2, Some("B"), SyntaxFault::TextAfterQuote),
    ] {
        let (entries, errors) = parse(file);
        assert_eq!(errors, [SyntaxError { line, name: name.map(str::to_owned), fault }], "{file:?}");
        let names: Vec<_> = entries.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["A", "C"], "{file:?}");
        assert!(!format!("{errors:?}").contains("secret"), "{errors:?}");
    }
    let (entries, errors) = parse(b"A=1\nB=za\xbf\xf3\xb3\xe6\n");
    assert!(entries.is_empty());
    assert_eq!(errors, [SyntaxError { line: 2, name: None, fault: SyntaxFault::NotUtf8 }]);
}
