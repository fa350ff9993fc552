use std::{fs, path::PathBuf};

use proptest::prelude::*;

use super::*;

const DIMENSION: usize = 3;

fn written(folder: &Path) -> (PathBuf, Vec<u8>) {
    let path = folder.join("00000001.segment");
    let mut writer = SegmentWriter::create(&path, DIMENSION).unwrap();
    for (id, category, time) in
        [("b", Some("Giełda"), Some(7)), ("ą", None, None), ("a", Some("Giełda"), Some(-1))]
    {
        writer.add(Row { id, vector: &[0.0, 0.6, 0.8], category, time }).unwrap();
    }
    writer.finish(false).unwrap();
    let bytes = fs::read(&path).unwrap();
    (path, bytes)
}

#[test]
fn what_was_written_lies_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = written(folder.path());
    let segment = Segment::open(&path).unwrap();
    segment.verify().unwrap();
    assert_eq!((segment.rows(), segment.dimension()), (3, DIMENSION));
    assert_eq!(segment.vector(1), Some(&[0.0, 0.6, 0.8][..]));
    assert_eq!(segment.vector(3), None);
    assert_eq!([0, 1, 2, 3].map(|row| segment.id(row)), [Some("b"), Some("ą"), Some("a"), None]);
    assert_eq!(segment.find("ą").collect::<Vec<_>>(), [1]);
    assert_eq!(segment.find("c").count(), 0);
    assert_eq!([0, 1].map(|row| segment.category(row)), [Some("Giełda"), None]);
    assert_eq!(segment.times(), [7, NO_TIME, -1]);
    assert!(segment.codes().is_none());
    // Rows begin where a page and a line of the cache begin.
    assert_eq!(bytes[4096..4100], 0.0_f32.to_le_bytes());
    assert_eq!(bytes[4100..4104], 0.6_f32.to_le_bytes());
}

/// Why a changed file is refused.
fn refused(change: impl FnOnce(&mut Vec<u8>)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut bytes) = written(folder.path());
    change(&mut bytes);
    fs::remove_file(&path).unwrap();
    fs::write(&path, bytes).unwrap();
    Segment::open(&path).unwrap_err().to_string()
}

/// With a header checksum that is right again: what is left for the bounds to catch.
fn sealed(change: impl FnOnce(&mut Vec<u8>)) -> String {
    refused(|bytes| {
        change(bytes);
        let sum = Sha256::digest(&bytes[..4096 - 32]);
        bytes[4096 - 32..4096].copy_from_slice(&sum);
    })
}

#[test]
fn damaged_and_foreign_files_are_refused_with_a_reason() {
    for length in [0, 1, 44, 4095] {
        assert!(refused(|bytes| bytes.truncate(length)).contains("no working file"));
    }
    assert!(refused(|bytes| bytes[0] = b'I').contains("no working file"));
    assert!(refused(|bytes| bytes[8] = 2).contains("version 2"));
    for at in [12, 16, 24, 32, 64, 200, 4000, 4095] {
        assert!(refused(|bytes| bytes[at] ^= 1).contains("header doesn't have the checksum"), "{at}");
    }
    assert!(refused(|bytes| bytes.truncate(4200)).contains("its length"));
    assert!(refused(|bytes| bytes.push(0)).contains("its length"));
    assert!(refused(|bytes| *bytes.last_mut().unwrap() = b'x').contains("names of its categories"));
}

#[test]
fn a_header_that_lies_can_make_nothing_read_outside_the_file() {
    assert!(sealed(|bytes| bytes[12..16].fill(0)).contains("shape"));
    assert!(sealed(|bytes| bytes[12..16].fill(0xff)).contains("shape"));
    assert!(sealed(|bytes| bytes[16..24].fill(0xff)).contains("shape"));
    assert!(sealed(|bytes| bytes[16] = 4).contains("sections"));
    assert!(sealed(|bytes| bytes[12] = 4).contains("sections"));
    // Begin and end of each section.
    for at in (64..64 + 10 * 16).step_by(8) {
        assert!(sealed(|bytes| bytes[at + 7] = 0xff).contains("sections"), "{at}");
        // Where names of rows and categories end is not fixed by the shape.
        if at != 64 + 5 * 16 + 8 && at != 64 + 9 * 16 + 8 {
            assert!(sealed(|bytes| bytes[at] ^= 4).contains("sections"), "{at}");
        }
    }
}

#[test]
fn changed_contents_are_found_by_reading_all_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut bytes) = written(folder.path());
    bytes[4100] ^= 1;
    fs::remove_file(&path).unwrap();
    fs::write(&path, bytes).unwrap();
    let said = Segment::open(&path).unwrap().verify().unwrap_err().to_string();
    assert!(said.contains("contents don't have the checksum"), "{said}");
}

#[test]
fn a_list_of_deleted_rows_is_read_back_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("00000001.deleted.1");
    let mut dead = Bitmap::none(70);
    dead.insert(69);
    write_dead(&path, &dead).unwrap();
    assert_eq!(read_dead(&path, 70).unwrap(), dead);
    assert!(matches!(read_dead(&path, 69), Err(WorkingError::Damaged(_))));
    assert!(matches!(read_dead(&path, 140), Err(WorkingError::Damaged(_))));
    let bytes = fs::read(&path).unwrap();
    for (at, byte) in bytes.iter().enumerate() {
        let mut changed = bytes.clone();
        changed[at] = byte ^ 1;
        fs::write(&path, &changed).unwrap();
        assert!(matches!(read_dead(&path, 70), Err(WorkingError::Damaged(_))), "{at}");
        fs::write(&path, &bytes[..at]).unwrap();
        assert!(matches!(read_dead(&path, 70), Err(WorkingError::Damaged(_))), "{at}");
    }
}

proptest! {
    // Each writes two files and syncs one.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn contents_of_any_kind_make_nothing_panic(flips in prop::collection::vec((4096_usize..4800, any::<u8>()), 0..40)) {
        let folder = tempfile::tempdir().unwrap();
        let (path, mut bytes) = written(folder.path());
        for (at, with) in flips {
            let length = bytes.len();
            bytes[at.min(length - 1)] = with;
        }
        fs::remove_file(&path).unwrap();
        fs::write(&path, &bytes).unwrap();
        if let Ok(segment) = Segment::open(&path) {
            for row in 0..5 {
                let _ = (segment.id(row), segment.category(row), segment.vector(row));
            }
            prop_assert!(segment.find("a").count() <= 3);
            prop_assert!(segment.replaced().len() <= 3);
            drop(segment.verify());
        }
    }
}
