//! The world ends between two steps that change the disk: each test runs an operation again and again, one step further
//! every time, and looks at what a new start finds. The points have their rows in the decision on index files.

use std::{cell::Cell, fs, io, path::Path};

use crate::{
    documents::Document,
    export,
    invented::embeddings,
    layout::{self, Content},
    library::{self, LibraryError, Turn, embedded},
    names::{IndexName, Indices},
    vectors::{Filter, IndexError, Kind, NewRow, Rows, VectorIndex},
};

thread_local! {
    /// Steps until the end; none where the world goes on.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Fails from the last step on, also for whoever would tidy up.
pub(super) fn step() -> io::Result<()> {
    match LEFT.get() {
        None => Ok(()),
        Some(0) => Err(io::Error::other("the world has ended")),
        Some(left) => {
            LEFT.set(Some(left - 1));
            Ok(())
        }
    }
}

/// Lets `act` die at each of its steps in turn, on a fresh copy made by `before`, until it comes through; `after` looks at
/// what is left, and is told whether it came through. Gives the number of steps.
fn at_every_step(
    before: impl Fn(&Path),
    act: impl Fn(&Path) -> bool,
    mut after: impl FnMut(&Path, bool),
) -> usize {
    for steps in 0..200 {
        let folder = tempfile::tempdir().unwrap();
        before(folder.path());
        LEFT.set(Some(steps));
        let came_through = act(folder.path());
        LEFT.set(None);
        after(folder.path(), came_through);
        if came_through {
            return steps;
        }
    }
    panic!("it never came through");
}

const DIMENSION: usize = 4;

fn name(number: usize) -> String {
    format!("document {number}")
}

fn rebuild(index: &VectorIndex, count: usize, seed: u64) -> Result<(), IndexError> {
    let vectors = embeddings(count, DIMENSION, seed);
    let fill = |rows: &mut Rows| -> Result<(), IndexError> {
        for (number, vector) in vectors.chunks(DIMENSION).enumerate() {
            rows.add(NewRow { id: &name(number), vector, category: None, time: None })?;
        }
        Ok(())
    };
    index.rebuild(Kind { dimension: DIMENSION, model: "m".to_owned() }, fill).map(drop)
}

fn begin(folder: &Path) {
    rebuild(&VectorIndex::open(folder).unwrap(), 10, 1).unwrap();
}

fn names(index: &VectorIndex) -> Vec<String> {
    let mut names: Vec<String> = index
        .search(&[1.0; DIMENSION], 100, &Filter::default())
        .unwrap()
        .into_iter()
        .map(|hit| hit.id)
        .collect();
    names.sort();
    names
}

/// The old index or the new one, and after the next change no file too many.
fn old_or_new(act: impl Fn(&VectorIndex) -> Result<(), IndexError>) {
    let expected = tempfile::tempdir().unwrap();
    begin(expected.path());
    let index = VectorIndex::open(expected.path()).unwrap();
    let old = names(&index);
    act(&index).unwrap();
    let new = names(&index);
    let (mut olds, mut news) = (0, 0);
    let look = |folder: &Path, came_through: bool| {
        let index = VectorIndex::open(folder).unwrap();
        let found = names(&index);
        assert!(found == new || (!came_through && found == old), "{found:?}");
        if found == old {
            olds += 1;
        } else {
            news += 1;
        }
        index.snapshot().verify().unwrap();
        // Life goes on, and what the crash left is swept up.
        act(&index).unwrap();
        assert_eq!(names(&VectorIndex::open(folder).unwrap()), new);
        while index.tidy().unwrap() {}
        rebuild(&index, 3, 9).unwrap();
        assert_eq!(fs::read_dir(folder).unwrap().count(), 3, "manifest, lock and one segment");
    };
    let steps = at_every_step(begin, |folder| act(&VectorIndex::open(folder).unwrap()).is_ok(), look);
    assert!(steps >= 4 && news >= 2, "{steps} steps, {news} of them led to the new index");
    assert!(olds >= 3 || old == new, "{steps} steps, {olds} of them left the old index");
}

#[test]
fn a_build_dies_between_segment_and_manifest() {
    old_or_new(|index| rebuild(index, 12, 2));
}

#[test]
fn an_append_dies_between_segment_deletions_and_manifest() {
    let vector = [0.5; DIMENSION];
    // One of them replaces a row, so that there is a list of deleted rows too.
    let row = |id| NewRow { id, vector: &vector, category: None, time: None };
    old_or_new(|index| index.append(&[row("new"), row("document 3")]));
}

#[test]
fn a_deletion_dies_between_its_list_and_the_manifest() {
    old_or_new(|index| index.delete(&["document 4"]).map(drop));
}

#[test]
fn tidying_dies_between_segment_and_manifest() {
    old_or_new(|index| {
        let gone: Vec<String> = (0..5).map(name).collect();
        index.delete(&gone.iter().map(String::as_str).collect::<Vec<_>>())?;
        index.tidy().map(drop)
    });
}

fn document(number: usize) -> Document {
    Document { id: name(number), page_content: format!("text {number}"), metadata: serde_json::Map::new() }
}

/// Documents in the opposite order of the old ones: pairing by order would be wrong for nearly all.
#[test]
fn an_export_dies_between_documents_and_vectors() {
    let working = tempfile::tempdir().unwrap();
    begin(working.path());
    let snapshot = VectorIndex::open(working.path()).unwrap().snapshot();
    let old: Vec<Document> = (0..10).map(document).collect();
    let new: Vec<Document> = (0..9).rev().map(document).collect();
    let before = |folder: &Path| assert!(export::write(folder, &snapshot, &old, true).is_ok());
    let look = |folder: &Path, came_through: bool| {
        match layout::read(folder, folder).content {
            Content::Vectors(vectors) => vectors
                .each(|document, vector| {
                    assert_eq!(snapshot.vector(&document.id), Some(vector), "{}", document.id);
                    Ok::<_, layout::SourceError>(())
                })
                .unwrap(),
            Content::Documents(documents) => {
                assert!(!came_through && (documents == old || documents == new));
            }
            Content::Nothing => panic!("nothing is left"),
        }
        export::write(folder, &snapshot, &new, true).unwrap();
        assert_eq!(fs::read_dir(folder).unwrap().count(), 3);
    };
    let steps = at_every_step(before, |folder| export::write(folder, &snapshot, &new, true).is_ok(), look);
    assert!(steps >= 10, "{steps}");
}

/// The old index and the new one have no document and no number in common: any mixture would show.
#[test]
fn an_import_dies_between_working_files_index_and_documents() {
    let made = tempfile::tempdir().unwrap();
    let index_of = |folder: &Path, numbers: std::ops::Range<usize>, seed| {
        let working = tempfile::tempdir().unwrap();
        let index = VectorIndex::open(working.path()).unwrap();
        rebuild(&index, 20, seed).unwrap();
        let documents: Vec<Document> = numbers.map(document).collect();
        export::write(folder, &index.snapshot(), &documents, false).unwrap();
    };
    let (old, new) = (made.path().join("old"), made.path().join("new"));
    index_of(&old, 0..10, 1);
    index_of(&new, 10..20, 2);
    let name = IndexName::default_index();
    let import = |data: &Path, from: &Path| {
        let indices = Indices::new(data);
        let turn = Turn::take(&indices)?;
        library::import(&indices, &name, from, "m", &turn)
    };
    let exported = |data: &Path| {
        let indices = Indices::new(data);
        let back = tempfile::tempdir().unwrap();
        let turn = Turn::take(&indices).unwrap();
        let kept = library::export(&indices, &name, back.path(), "m", &turn).unwrap();
        (kept.vectors > 0).then(|| export::hash(back.path()).unwrap())
    };
    let (old_hash, new_hash) = (export::hash(&old).unwrap(), export::hash(&new).unwrap());
    let look = |data: &Path, came_through: bool| {
        match exported(data) {
            Some(found) => assert!(found == new_hash || (!came_through && found == old_hash)),
            None => assert!(!came_through, "documents alone"),
        }
        import(data, &new).unwrap();
        assert_eq!(exported(data).unwrap(), new_hash);
    };
    let before = |data: &Path| drop(import(data, &old).unwrap());
    let steps = at_every_step(before, |data| import(data, &new).is_ok(), look);
    assert!(steps >= 15, "{steps}");
}

/// Articles come before the index: whoever dies in between has both of them whole, and imports once more.
#[test]
fn an_import_of_a_whole_folder_dies_between_articles_and_index() {
    const LINE: &str = r#"{"url":"https://a.example/1","title":"Kaucja","text":"Kaucja za słoik."}"#;
    let theirs = tempfile::tempdir().unwrap();
    let working = tempfile::tempdir().unwrap();
    begin(working.path());
    let documents: Vec<Document> = (0..10).map(document).collect();
    let snapshot = VectorIndex::open(working.path()).unwrap().snapshot();
    export::write(&theirs.path().join("faiss_openai_index"), &snapshot, &documents, false).unwrap();
    fs::write(theirs.path().join("articles.jsonl"), LINE).unwrap();
    let name = IndexName::default_index();
    let import = |data: &Path| {
        let indices = Indices::new(data);
        let turn = Turn::take(&indices)?;
        library::import(&indices, &name, theirs.path(), "m", &turn)
    };
    let holds = |data: &Path| {
        let library = library::load(&Indices::new(data), &name);
        let is_article = |article: &crate::article::Article| article.url == "https://a.example/1";
        (library.collection.articles().any(is_article), library.holdings.vectors)
    };
    let (mut articles, mut neither) = (0, 0);
    let look = |data: &Path, came_through: bool| {
        match holds(data) {
            (true, 10) => {}
            (true, _) => articles += 1,
            (false, vectors) => {
                assert!(vectors == 0 && !came_through, "{vectors} vectors without the articles");
                neither += 1;
            }
        }
        import(data).unwrap();
        assert_eq!(holds(data), (true, 10));
    };
    let steps = at_every_step(|_: &Path| {}, |data| import(data).is_ok(), look);
    assert!(steps >= 15 && articles >= 3 && neither >= 1, "{steps} steps, {articles} articles, {neither}");
}

/// The old vectors are of another model than the new ones: those of one must never be taken for those of the other.
#[test]
fn a_build_of_vectors_dies_between_working_files_and_index() {
    const ARTICLE: &str = r#"{"url":"https://a.example/1","title":"Kaucja","text":"Kaucja za słoik."}"#;
    let (old, new) = ([1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]);
    let name = IndexName::default_index();
    let build = |data: &Path, model: &str, vector: [f32; DIMENSION]| {
        let indices = Indices::new(data);
        let turn = Turn::take(&indices)?;
        let wanted = embedded::wanted(&indices, &name)?;
        embedded::replace(&indices, &name, model, &wanted, |_| Ok(vector.to_vec()), &turn)?;
        Ok::<_, LibraryError>(())
    };
    let found = |data: &Path| {
        let indices = Indices::new(data);
        let wanted = embedded::wanted(&indices, &name).unwrap();
        let snapshot = embedded::open(&indices, &name, "configured").unwrap()?;
        snapshot.verify().unwrap();
        let vector = snapshot.vector(&wanted.first().unwrap().document.id).unwrap().to_vec();
        Some((snapshot.kind().unwrap().model.clone(), vector))
    };
    let (mut olds, mut news) = (0, 0);
    let look = |data: &Path, came_through: bool| {
        match found(data) {
            Some((model, vector)) if vector == old => {
                assert!(!came_through && model == "old", "{model}");
                olds += 1;
            }
            Some((model, vector)) => {
                assert_eq!(vector, new);
                // Files of no known origin are taken to be of the configured model, which is what was being built.
                assert!(model == "new" || (!came_through && model == "configured"), "{model}");
                news += 1;
            }
            None => assert!(!came_through, "documents alone"),
        }
        build(data, "new", new).unwrap();
        assert_eq!(found(data), Some(("new".to_owned(), new.to_vec())));
    };
    let before = |data: &Path| {
        fs::write(data.join("articles.jsonl"), ARTICLE).unwrap();
        build(data, "old", old).unwrap();
    };
    let steps = at_every_step(before, |data| build(data, "new", new).is_ok(), look);
    assert!(steps >= 15 && olds >= 3 && news >= 2, "{steps} steps, {olds} old, {news} new");
}

#[test]
fn every_point_of_the_decision_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let page = fs::read_to_string(root.join("docs/decisions/0012-index-files.md")).unwrap();
    let rows: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(rows.len() >= 5, "{rows:?}");
    for row in rows {
        assert!(include_str!("crash.rs").contains(&format!("fn {row}()")), "no test is called {row}");
    }
}
