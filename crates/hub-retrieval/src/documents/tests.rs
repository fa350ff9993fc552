use std::fs;

use serde_json::json;

use super::*;

fn documents() -> Vec<Document> {
    let metadata = json!({"url": "https://example.com/a", "title": "Zażółć", "category": "Giełda", "chunk_index": 0,
        "chunk_len": 12, "own": [1, 2]});
    let with = |id: &str, content: &str, metadata: serde_json::Value| Document {
        id: id.to_owned(),
        page_content: content.to_owned(),
        metadata: metadata.as_object().unwrap().clone(),
    };
    vec![with("c2af", "Gęślą jaźń\n\"x\"", metadata), with("0", "", json!({}))]
}

#[test]
fn both_forms_give_back_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let (list, lines) = (folder.path().join("docs.json"), folder.path().join("documents.jsonl"));
    write(&list, &documents()).unwrap();
    write_lines(&lines, &documents()).unwrap();
    assert_eq!(read(&list).unwrap(), documents());
    assert_eq!(read_lines(&lines).unwrap(), documents());
    let text = fs::read_to_string(&list).unwrap();
    assert!(
        text.starts_with("[\n  {\n    \"id\": \"c2af\",\n    \"page_content\": \"Gęślą jaźń\\n"),
        "{text}"
    );
    let text = fs::read_to_string(&lines).unwrap();
    assert!(
        text.starts_with(r#"{"id":"c2af","url":"https://example.com/a","title":"Zażółć","text":"Gęślą"#),
        "{text}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_file_of_the_earlier_program_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("documents.json");
    fs::write(&path, r#"[{"id": "a", "page_content": "t", "metadata": {"x": 1}, "type": "Document"}, {"id":"b","page_content":"u"}]"#).unwrap();
    let read = read(&path).unwrap();
    assert_eq!((read.len(), &*read[1].page_content), (2, "u"));
    assert_eq!(read[0].text("x"), None);
}

#[test]
fn refusals_name_the_place_and_never_the_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("docs.json");
    let check = |text: &str, reason: &str| {
        fs::write(&path, text).unwrap();
        let said = read(&path).unwrap_err().to_string();
        assert!(said.contains(reason) && !said.contains("secret"), "{said}");
    };
    check("[{\n\"secret", "an early end in line 2, column 7");
    check("[{\"id\": secret}]", "no JSON in line 1");
    check("{\"secret\": 1}", "another shape in line 1");
    check("[{\"id\": \"secret\"}]", "another shape in line 1");
    let nested = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    check(&nested, "in line 1");
    fs::write(&path, "{\"id\":\"a\",\"text\":\"b\"}\n\n{\"id\":\"secret\"}\n").unwrap();
    let said = read_lines(&path).unwrap_err().to_string();
    assert!(said.contains("another shape in line 3") && !said.contains("secret"), "{said}");
    assert!(matches!(read(&folder.path().join("none")), Err(DocumentsError::Io(_))));
}
