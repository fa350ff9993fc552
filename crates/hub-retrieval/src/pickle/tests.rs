use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Puts a pickle together as Python does.
#[derive(Default)]
struct Pickle(Vec<u8>);

impl Pickle {
    fn new() -> Self {
        Self(vec![0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    fn code(mut self, code: &[u8]) -> Self {
        self.0.extend(code);
        self
    }

    fn text(mut self, text: &str) -> Self {
        if let Ok(length) = u8::try_from(text.len()) {
            self.0.extend([0x8c, length]);
        } else {
            self.0.push(b'X');
            self.0.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        }
        self.0.extend(text.as_bytes());
        self.code(&[0x94])
    }

    fn class(self, module: &str, name: &str) -> Self {
        self.text(module).text(name).code(&[0x93, 0x94])
    }

    /// A document as pydantic pickles it: fields one level down, a set of names beside them.
    fn document(self, id: &str, content: &str, metadata: impl FnOnce(Self) -> Self) -> Self {
        let begun = self
            .text(id)
            .class("langchain_core.documents.base", "Document")
            .code(b")\x81\x94}\x94(")
            .text("__dict__")
            .code(b"}\x94(")
            .text("page_content")
            .text(content)
            .text("metadata")
            .code(b"}\x94(");
        metadata(begun)
            .code(b"uu")
            .text("__pydantic_fields_set__")
            .code(b"\x8f\x94(")
            .text("page_content")
            .code(b"\x90")
            .text("__pydantic_private__")
            .code(b"Nub")
    }

    fn docstore(documents: impl FnOnce(Self) -> Self) -> Self {
        let begun = Self::new()
            .class("langchain_community.docstore.in_memory", "InMemoryDocstore")
            .code(b")\x81\x94}\x94")
            .text("_dict")
            .code(b"}\x94(");
        documents(begun).code(b"usb")
    }

    fn rows(self, rows: &[(u16, &str)]) -> Vec<u8> {
        let mut pickle = self.code(b"}\x94(");
        for (row, id) in rows {
            let [low, high] = row.to_le_bytes();
            pickle = pickle.code(&[b'M', low, high]).text(id);
        }
        pickle.code(b"u\x86\x94.").0
    }
}

fn example() -> Vec<u8> {
    let long = "ż".repeat(200);
    Pickle::docstore(|store| {
        store
            .document("a", "Zażółć", |fields| {
                fields.text("title").text("Tytuł").text("chunk_index").code(b"K\x07").text("none").code(b"N")
            })
            .document("b", &long, |fields| fields.text("size").code(b"J\xff\xff\xff\xff"))
    })
    .rows(&[(1, "a"), (0, "b"), (2, "missing")])
}

#[test]
fn documents_are_read_by_their_rows() {
    let found = read(&example()).unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), [&0, &1], "row 2 has no document");
    assert_eq!((&*found[&1].id, &*found[&1].page_content), ("a", "Zażółć"));
    assert_eq!(json!(found[&1].metadata), json!({"title": "Tytuł", "chunk_index": 7, "none": null}));
    assert_eq!(found[&0].page_content.chars().count(), 200);
    assert_eq!(json!(found[&0].metadata), json!({"size": -1}));
}

#[test]
fn remembered_texts_are_found_again() {
    let pickle = Pickle::docstore(|store| store.document("a", "text", |fields| fields));
    // "a" was the eighth to be remembered: after two names and their class, the docstore, its state, "_dict" and its value.
    for get in [&[b'h', 7][..], &[b'j', 7, 0, 0, 0]] {
        let rows = Pickle(pickle.0.clone()).code(b"}(K\x05").code(get).code(b"u\x86.").0;
        let found = read(&rows).unwrap();
        assert_eq!(found.iter().map(|(row, found)| (*row, &*found.id)).collect::<Vec<_>>(), [(5, "a")]);
    }
}

#[test]
fn what_would_load_or_call_something_is_refused() {
    let class = |module: &str, name: &str| read(&Pickle::new().class(module, name).code(b".").0);
    for (module, name) in [
        ("os", "system"),
        ("builtins", "eval"),
        ("langchain_evil", "Document"),
        ("langchain_core.documents.base", "Blob"),
        ("langchainx.docstore", "InMemoryDocstore"),
        ("posix", "Document"),
    ] {
        assert_eq!(class(module, name), Err(PickleError::Class), "{module}.{name}");
    }
    // REDUCE, GLOBAL, INST, OBJ, NEWOBJ_EX, EXT1, PERSID, BINPERSID
    for code in [b'R', b'c', b'i', b'o', 0x92, 0x82, b'P', b'Q'] {
        let pickle = Pickle::new().code(&[code]).0;
        assert_eq!(read(&pickle), Err(PickleError::Instruction { code, at: 11 }));
    }
}

#[test]
fn only_the_22_instructions_are_known() {
    let known: Vec<u8> = (0..=255_u8)
        .filter(|code| {
            !matches!(read(&[&[*code][..], &[0; 16]].concat()), Err(PickleError::Instruction { at: 0, .. }))
        })
        .collect();
    let mut expected = b"()}.NsubhjKMJX".to_vec();
    expected.extend([0x80, 0x81, 0x86, 0x8c, 0x8f, 0x90, 0x93, 0x94, 0x95]);
    expected.sort_unstable();
    assert_eq!(known, expected);
}

#[test]
fn malformed_pickles_are_refused() {
    let check = |codes: &[u8]| {
        let refused = read(&Pickle::new().code(codes).0);
        assert!(
            matches!(refused, Err(PickleError::Malformed(_) | PickleError::Shape(_))),
            "{codes:?} {refused:?}"
        );
    };
    check(b".");
    check(b"\x86");
    check(b"N\x86");
    check(b"u");
    check(b"N(u");
    check(b"}(Nu");
    check(b"}(N.");
    check(b"NNNs");
    check(b"N(\x90");
    check(b"h\x00");
    check(b"\x94");
    check(b"N)\x81");
    check(b"NNb");
    check(b"\x8c\x01\xff.");
    check(b"N.");
    check(b"NN\x86.");
    check(b"}}\x86.");
}

#[test]
fn a_pickle_cut_anywhere_is_refused() {
    let whole = example();
    for length in 0..whole.len() {
        assert_eq!(read(&whole[..length]), Err(PickleError::Cut), "{length}");
    }
}

#[test]
fn a_small_file_does_not_unfold_into_a_large_one() {
    let long = "x".repeat(2_000);
    let mut pickle = Pickle::docstore(|store| store.document("a", &long, |fields| fields)).code(b"}\x94(");
    // A thousand rows of the same document.
    for row in 0..1_000_u16 {
        let [low, high] = row.to_le_bytes();
        pickle = pickle.code(&[b'M', low, high]).code(b"\x8c\x01a");
    }
    assert_eq!(read(&pickle.code(b"u\x86.").0), Err(PickleError::TooMuch));
}

proptest! {
    #[test]
    fn nothing_panics_on_flipped_or_foreign_bytes(
        flips in prop::collection::vec((0_usize..1_000, any::<u8>()), 1..8),
        foreign in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let mut bytes = example();
        for (at, with) in flips {
            let length = bytes.len();
            bytes[at % length] = with;
        }
        let _ = (read(&bytes), read(&foreign));
    }
}
