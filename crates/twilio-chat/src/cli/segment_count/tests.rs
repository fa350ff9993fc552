use super::*;

fn run(input: &[u8]) -> (String, u64) {
    let mut output = Vec::new();
    let outcome = batch(input, &mut output).unwrap();
    (String::from_utf8(output).unwrap(), outcome.bad_lines)
}

#[test]
fn one_line_out_for_one_line_in() {
    let gsm7 = r#"{"encoding":"GSM-7","units":4,"segments":1,"forced_by":[]}"#;
    let ucs2 = r#"{"encoding":"UCS-2","units":6,"segments":1,"forced_by":["ż","ł"]}"#;
    let empty = r#"{"encoding":"GSM-7","units":0,"segments":0,"forced_by":[]}"#;
    let error = "\u{1}";
    for (input, expect) in [
        (&b""[..], &[][..]),
        (b"{\"text\":\"ab\xe2\x82\xac\"}", &[gsm7]),
        ("{\"text\":\"żłażła\"}\r\n{\"text\":\"abcd\",\"id\":7}\n".as_bytes(), &[ucs2, gsm7]),
        (b"{\"text\":\"\"}\n", &[empty]),
        (b"{\"text\":\"abcd\"}\n\n{\"text\":\"abcd\"}\n", &[gsm7, error, gsm7]),
        (b"{\"text\":\"\xff\"}\n{\"text\":\"abcd\"}", &[error, gsm7]),
        (b"{\"text\":7}\n[\"abcd\"]\n\"abcd\"\n{}\n{\"text\":\"\\ud800\"}\n{\"text\":\"a\"} x", &[error; 6]),
        (b"{\"text\":\"a\\u0062\\u20ac\"}", &[gsm7]),
    ] {
        let (output, bad_lines) = run(input);
        let lines: Vec<&str> = output.lines().collect();
        assert_eq!(lines.len(), expect.len(), "{output}");
        for (line, expect) in lines.iter().zip(expect) {
            let fits = if *expect == error { line.starts_with("{\"error\":\"") } else { line == expect };
            assert!(fits, "{input:?}: {line} {expect}");
        }
        let errors = expect.iter().filter(|line| **line == error).count();
        assert_eq!(bad_lines, u64::try_from(errors).unwrap());
    }
}

#[test]
fn an_error_does_not_repeat_the_line() {
    let (output, _) = run(b"{\"text\": secret}\n");
    assert_eq!(output, "{\"error\":\"expected {\\\"text\\\": \\\"…\\\"}; fault at column 10\"}\n");
}

#[test]
fn an_endless_line_is_refused_without_being_held() {
    let filler = io::repeat(b'x').take(3 * MAX_LINE_BYTES);
    let input =
        io::BufReader::new((&b"{\"text\":\""[..]).chain(filler).chain(&b"\"}\n{\"text\":\"a\"}\n"[..]));
    let mut output = Vec::new();
    let outcome = batch(input, &mut output).unwrap();
    let output = String::from_utf8(output).unwrap();
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(outcome, Outcome { bad_lines: 1 });
    assert!(lines[0].contains("longer than"), "{}", lines[0]);
    assert_eq!(lines[1], r#"{"encoding":"GSM-7","units":1,"segments":1,"forced_by":[]}"#);
    assert_eq!(lines.len(), 2);
}

#[test]
fn one_text_for_a_person() {
    for (text, polish) in [
        ("abc", "GSM-7: 3 jednostek, 1 segment"),
        ("", "GSM-7: 0 jednostek, 0 segmentów"),
        ("Zażółć", "UCS-2: 6 jednostek, 1 segment\nUCS-2 wymuszają znaki: „ż” „ó” „ł” „ć”"),
        ("a\u{200d}\t", "UCS-2: 3 jednostek, 1 segment\nUCS-2 wymuszają znaki: \\u{200d} \\u{9}"),
    ] {
        assert_eq!(one(text, Lang::Pl), polish, "{text:?}");
    }
    assert_eq!(one(&"a".repeat(161), Lang::En), "GSM-7: 161 units, 2 segments");
    assert_eq!(one_json("ż").unwrap(), r#"{"encoding":"UCS-2","units":1,"segments":1,"forced_by":["ż"]}"#);
}
