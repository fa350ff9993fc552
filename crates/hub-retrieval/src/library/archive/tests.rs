use std::io::Cursor;

use super::*;
use crate::library::{self, Kept};

const LINE: &str =
    r#"{"url":"https://a.example/most","title":"Most","text":"Most nad Wisłą otwarto w poniedziałek."}"#;

fn zip(members: &[(&str, &str)]) -> Cursor<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap()
}

fn taken(members: &[(&str, &str)]) -> (tempfile::TempDir, Result<Restored, LibraryError>) {
    let folder = tempfile::tempdir().unwrap();
    let indices = Indices::new(folder.path());
    let turn = Turn::take(&indices).unwrap();
    let restored = restore(&indices, &IndexName::default_index(), zip(members), "m", &turn);
    assert!(!folder.path().join(".work/.unpacked").exists());
    (folder, restored)
}

#[test]
fn what_is_archived_is_restored_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let (indices, name) = (Indices::new(folder.path()), IndexName::default_index());
    fs::write(folder.path().join("articles.jsonl"), LINE).unwrap();
    fs::write(folder.path().join("news_config.json"), "{}").unwrap();
    let turn = Turn::take(&indices).unwrap();
    library::build(&indices, &name, &turn).unwrap();
    let mut archive = Cursor::new(Vec::new());
    assert_eq!(write(&indices, &name, Timestamp::UNIX_EPOCH, &mut archive, &turn).unwrap(), 5);

    let place = tempfile::tempdir().unwrap();
    let elsewhere = Indices::new(place.path());
    let restored = restore(&elsewhere, &name, archive, "m", &Turn::take(&elsewhere).unwrap()).unwrap();
    assert_eq!(restored.imported.kept, Kept { documents: 1, vectors: 0 });
    assert_eq!(restored.members, ["docs.json", "documents.jsonl", "documents.json", "articles.jsonl"]);
    assert!(!place.path().join("news_config.json").exists());
    let (before, after) = (library::load(&indices, &name), library::load(&elsewhere, &name));
    assert_eq!(before.holdings, after.holdings);
}

#[test]
fn a_path_in_an_archive_leads_nowhere() {
    let docs = r#"[{"id":"d","page_content":"Tekst"}]"#;
    let (folder, restored) = taken(&[("../../docs.json", docs), ("/etc/passwd", "x"), ("a\\news.txt", "x")]);
    assert_eq!(restored.unwrap().members, ["docs.json"]);
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".work", "documents.json", "documents.jsonl", "faiss_openai_index"]);
}

#[test]
fn archives_that_cannot_be_taken_change_nothing() {
    for (members, why) in [
        (vec![("readme.txt", "x")], "neither vectors nor documents"),
        (vec![("docs.json", "[]"), ("a/docs.json", "[]")], "docs.json twice"),
        (vec![("docs.json", "{")], "not a list of documents"),
    ] {
        let (folder, restored) = taken(&members);
        let error = restored.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert!(!folder.path().join("documents.json").exists());
    }
}

#[test]
fn a_bomb_is_not_inflated() {
    let folder = tempfile::tempdir().unwrap();
    let bomb = "0".repeat(100_000);
    let archive = zip(&[("docs.json", &bomb)]);
    assert!(archive.get_ref().len() < 1_000);
    let error = unpack(archive, folder.path(), 5_000).unwrap_err().to_string();
    assert!(error.contains("more than 5000 bytes"), "{error}");
    assert!(folder.path().join("docs.json").metadata().unwrap().len() <= 5_001);
    let broken = unpack(Cursor::new(b"no archive".to_vec()), folder.path(), 5_000);
    assert!(matches!(broken, Err(LibraryError::Archive(_))));
}
