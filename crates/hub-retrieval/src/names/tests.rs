use super::*;

fn name(text: &str) -> IndexName {
    text.parse().unwrap()
}

fn with_files(indices: &Indices, index: &str) {
    for folder in [indices.folder(&name(index)), indices.working(&name(index))] {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("file"), "x").unwrap();
    }
}

#[test]
fn no_name_leaves_its_folder() {
    for text in ["faiss_openai_index", "a", "9", "News-2025.old", &"x".repeat(64)] {
        assert_eq!(name(text).as_str(), text.to_ascii_lowercase());
    }
    let long = "x".repeat(65);
    for text in [
        "", ".", "..", ".work", "a/b", "../a", "/etc", "a\\b", "a b", "a\0", "ą", "-a", "_a", "a\n", "a:b",
        &long,
    ] {
        assert_eq!(text.parse::<IndexName>(), Err(BadName), "{text:?}");
    }
}

#[test]
fn one_is_active_and_any_can_be_deleted() {
    let data = tempfile::tempdir().unwrap();
    let indices = Indices::new(data.path());
    assert_eq!(indices.list().unwrap(), []);
    assert_eq!(indices.active().unwrap(), IndexName::default_index());
    with_files(&indices, "faiss_openai_index");
    with_files(&indices, "news");
    fs::create_dir_all(data.path().join("indices/.hidden")).unwrap();
    fs::write(data.path().join("documents.json"), "[]").unwrap();
    assert_eq!(indices.list().unwrap(), [IndexName::default_index(), name("news")]);
    assert!(indices.activate(&name("news")).unwrap());
    assert!(!indices.activate(&name("other")).unwrap());
    assert_eq!(indices.active().unwrap(), name("news"));
    assert!(indices.delete(&name("news")).unwrap());
    assert!(!indices.delete(&name("news")).unwrap());
    assert_eq!(indices.active().unwrap(), IndexName::default_index());
    assert!(indices.delete(&IndexName::default_index()).unwrap());
    assert_eq!(indices.list().unwrap(), []);
    assert!(data.path().join("documents.json").exists(), "documents stay");
}

#[test]
fn a_mark_that_is_no_name_is_no_mark() {
    let data = tempfile::tempdir().unwrap();
    let indices = Indices::new(data.path());
    fs::create_dir_all(data.path().join("indices")).unwrap();
    fs::write(data.path().join("indices/.active"), "../../etc").unwrap();
    assert_eq!(indices.active().unwrap(), IndexName::default_index());
}
