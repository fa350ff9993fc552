//! The data of a real installation of the earlier program, where `HUB_TEST_X1` names its `X1_data` folder. It is never a
//! part of the repository; without it this test says so and checks nothing.

use std::path::PathBuf;

use hub_retrieval::{
    Filter, Kind, NewRow, Rows, VectorIndex,
    collection::Search,
    documents,
    layout::{self, Content, SourceError},
    library::{self, Turn},
    names::{IndexName, Indices},
};

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("HUB_TEST_X1").map(PathBuf::from);
    if folder.is_none() {
        println!("SKIPPED: HUB_TEST_X1 names no data folder");
    }
    folder
}

#[test]
fn a_langchain_index_is_imported_and_finds_its_own_passages() {
    let Some(data) = data() else { return };
    let found = layout::read(&data.join("faiss_openai_index"), &data);
    assert_eq!(found.refused, []);
    let Content::Vectors(vectors) = found.content else { panic!("no vectors") };
    assert!(
        vectors.rows() > 100 && vectors.dimension() == 3072,
        "{} {}",
        vectors.rows(),
        vectors.dimension()
    );
    println!(
        "{} rows, {} lost, {} missing",
        vectors.rows(),
        vectors.without_document(),
        vectors.missing().len()
    );
    let working = tempfile::tempdir().unwrap();
    let index = VectorIndex::open(working.path()).unwrap();
    let fill = |rows: &mut Rows| -> Result<(), Box<dyn std::error::Error>> {
        vectors.each(|document, vector| {
            let category = document.text("category");
            Ok(rows.add(NewRow { id: &document.id, vector, category, time: None })?)
        })
    };
    let kind = Kind { dimension: 3072, model: "text-embedding-3-large".to_owned() };
    let built = index.rebuild(kind, fill).unwrap();
    assert_eq!(built.rows, vectors.rows());
    vectors
        .each(|document, vector| {
            let hits = index.search(vector, 2, &Filter::default()).unwrap();
            assert!((hits[0].score - 1.0).abs() < 1e-5 && hits[1].score <= hits[0].score);
            let is_itself = hits
                .iter()
                .any(|hit| hit.id == document.id && hit.category.as_deref() == document.text("category"));
            assert!(is_itself, "{}", document.id);
            Ok::<_, SourceError>(())
        })
        .unwrap();
}

#[test]
fn its_documents_are_read_and_written_back_byte_for_byte() {
    let Some(data) = data() else { return };
    let read = documents::read(&data.join("documents.json")).unwrap();
    assert!(read.len() > 800, "{}", read.len());
    let folder = tempfile::tempdir().unwrap();
    let (list, lines) = (folder.path().join("documents.json"), folder.path().join("documents.jsonl"));
    documents::write(&list, &read).unwrap();
    documents::write_lines(&lines, &read).unwrap();
    assert_eq!(documents::read(&list).unwrap(), read);
    assert_eq!(documents::read_lines(&lines).unwrap(), read);
}

#[test]
fn a_whole_data_folder_is_loaded_and_moves_to_another_place() {
    let Some(data) = data() else { return };
    let (indices, name) = (Indices::new(&data), IndexName::default_index());
    let library = library::load(&indices, &name);
    let holdings = &library.holdings;
    println!("{} {} {}", holdings.layout(), holdings.vectors, holdings.articles);
    assert_eq!((holdings.vectors, holdings.dimensions), (holdings.documents, 3072));
    assert!(holdings.articles > 100 && holdings.categories.len() >= 5);
    for article in library.collection.articles() {
        let search = Search { question: &article.title, ..Search::default() };
        assert!(!library.collection.search(&search, 10).articles.is_empty(), "{}", article.url);
    }

    let place = tempfile::tempdir().unwrap();
    let moved = Indices::new(place.path());
    let turn = Turn::take(&moved).unwrap();
    let imported =
        library::import(&moved, &name, &indices.folder(&name), "text-embedding-3-large", &turn).unwrap();
    assert_eq!((imported.kept.vectors, imported.without_document), (holdings.vectors, 0));
    let there = library::load(&moved, &name).holdings;
    assert_eq!((there.layout().as_str(), there.vectors), ("index.faiss+docs.json", holdings.vectors));

    let place = tempfile::tempdir().unwrap();
    let whole = Indices::new(place.path());
    let turn = Turn::take(&whole).unwrap();
    let imported = library::import(&whole, &name, &data, "text-embedding-3-large", &turn).unwrap();
    assert_eq!(imported.kept.vectors, holdings.vectors);
    let there = library::load(&whole, &name);
    assert_eq!((there.holdings.vectors, there.holdings.articles), (holdings.vectors, holdings.articles));
    assert_eq!(there.collection.passages().count(), library.collection.passages().count());
}
