use std::io::Cursor;

use proptest::prelude::*;

use super::*;

/// The two rows (1, -2) and (0.5, 3) as faiss 1.15 writes them in an `IndexFlatIP`.
const FLAT_IP: [u8; 61] = *b"IxFI\
    \x02\0\0\0\x02\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x10\0\0\0\0\0\x01\0\0\0\0\x04\0\0\0\0\0\0\0\
    \0\0\x80\x3f\0\0\0\xc0\0\0\0\x3f\0\0\x40\x40";

/// The same rows with numbers 7 and -1 as faiss writes them in an `IndexIDMap` around an `IndexFlatL2`.
const MAPPED_L2: [u8; 122] = *b"IxMp\
    \x02\0\0\0\x02\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x10\0\0\0\0\0\x01\x01\0\0\0IxF2\
    \x02\0\0\0\x02\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x10\0\0\0\0\0\x01\x01\0\0\0\x04\0\0\0\0\0\0\0\
    \0\0\x80\x3f\0\0\0\xc0\0\0\0\x3f\0\0\x40\x40\
    \x02\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff";

const ROWS: [[f32; 2]; 2] = [[1.0, -2.0], [0.5, 3.0]];

type Whole = (Shape, Vec<Vec<f32>>, Option<Vec<i64>>);

fn read(bytes: &[u8]) -> Result<Whole, FaissError> {
    let mut reader = Reader::new(Cursor::new(bytes))?;
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    while reader.next_row(&mut row)? {
        rows.push(row.clone());
    }
    Ok((*reader.shape(), rows, reader.ids().map(<[i64]>::to_vec)))
}

fn write(shape: Shape, rows: &[impl AsRef<[f32]>], ids: &[i64]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), shape).unwrap();
    for row in rows {
        writer.row(row.as_ref()).unwrap();
    }
    writer.finish(ids).unwrap()
}

#[test]
fn files_of_faiss_are_read_and_written_byte_for_byte() {
    let (shape, rows, ids) = read(&FLAT_IP).unwrap();
    let expected = Shape { metric: Metric::InnerProduct, dimension: 2, rows: 2, id_map: None };
    assert_eq!((shape, rows, ids), (expected, ROWS.map(Vec::from).to_vec(), None));
    assert_eq!(write(expected, &ROWS, &[]), FLAT_IP);

    let (shape, rows, ids) = read(&MAPPED_L2).unwrap();
    let expected = Shape { metric: Metric::L2, dimension: 2, rows: 2, id_map: Some(IdMap::Plain) };
    assert_eq!((shape, rows, ids), (expected, ROWS.map(Vec::from).to_vec(), Some(vec![7, -1])));
    assert_eq!(write(expected, &ROWS, &[7, -1]), MAPPED_L2);
}

#[test]
fn the_other_spellings_are_read_too() {
    let mut other = FLAT_IP;
    other[..4].copy_from_slice(b"IxFl");
    assert_eq!(read(&other).unwrap().0.metric, Metric::InnerProduct);
    let mut two = MAPPED_L2;
    two[..4].copy_from_slice(b"IxM2");
    assert_eq!(read(&two).unwrap().0.id_map, Some(IdMap::Two));
    let mut untrained = FLAT_IP;
    untrained[32] = 0;
    assert!(read(&untrained).is_ok());
    let mut filler = FLAT_IP;
    filler[16..32].fill(0xee);
    assert!(read(&filler).is_ok());
}

#[test]
fn an_empty_index_is_one() {
    let empty = Shape { metric: Metric::InnerProduct, dimension: 1536, rows: 0, id_map: None };
    let bytes = write(empty, &[[0.0; 0]; 0], &[]);
    assert_eq!(bytes.len(), 45);
    assert_eq!(read(&bytes).unwrap(), (empty, vec![], None));
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    for file in [&FLAT_IP[..], &MAPPED_L2[..]] {
        for length in 0..file.len() {
            assert!(read(&file[..length]).is_err(), "{length} bytes");
        }
        let longer = [file, &[0]].concat();
        assert!(matches!(read(&longer), Err(FaissError::Length { .. })));
    }
}

/// Overwrites some bytes of a good file and gives the words of the refusal.
fn refused(file: &[u8], at: usize, with: &[u8]) -> String {
    let mut bytes = file.to_vec();
    bytes[at..at + with.len()].copy_from_slice(with);
    read(&bytes).unwrap_err().to_string()
}

#[test]
fn absurd_headers_are_refused_with_a_reason() {
    let check = |at: usize, with: &[u8], reason: &str| {
        let said = refused(&FLAT_IP, at, with);
        assert!(said.contains(reason), "{said}");
    };
    check(0, b"IwFl", "begins with `IwFl`");
    check(0, b"PK\x03\x04", r"begins with `PK\x03\x04`");
    check(4, &0_i32.to_le_bytes(), "rows of 0 numbers");
    check(4, &(-1_i32).to_le_bytes(), "rows of -1 numbers");
    check(4, &((1 << 20) + 1_i32).to_le_bytes(), "rows of 1048577 numbers");
    check(8, &(-2_i64).to_le_bytes(), "claims -2 rows");
    check(8, &i64::MAX.to_le_bytes(), "contradicts itself");
    check(32, &[2], "contradicts itself");
    check(33, &1_i32.to_le_bytes(), "contradicts itself");
    check(33, &4_i32.to_le_bytes(), "metric 4");
    check(33, &(-1_i32).to_le_bytes(), "metric -1");
    check(37, &u64::MAX.to_le_bytes(), "contradicts itself");
    check(45, &f32::NAN.to_le_bytes(), "row 0");
    check(57, &f32::INFINITY.to_le_bytes(), "row 1");
    // A consistent lie about 40 GB is held against the length of the file.
    let mut lie = FLAT_IP;
    lie[8..16].copy_from_slice(&5_000_000_000_i64.to_le_bytes());
    lie[37..45].copy_from_slice(&10_000_000_000_u64.to_le_bytes());
    assert_eq!(read(&lie).unwrap_err().to_string(), "the index file claims 40000000045 bytes and has 61");
    let mut beyond = FLAT_IP;
    beyond[8..16].copy_from_slice(&(i64::MAX / 2).to_le_bytes());
    beyond[37..45].copy_from_slice(&(u64::MAX / 2 - 1).to_le_bytes());
    assert_eq!(read(&beyond).unwrap_err().to_string(), "the index file claims too many bytes and has 61");
}

#[test]
fn a_map_that_differs_from_its_index_is_refused() {
    for (at, with) in [(4, 3), (8, 1), (33, 0), (98, 3)] {
        assert!(refused(&MAPPED_L2, at, &[with]).contains("contradicts itself"), "{at}");
    }
    assert!(refused(&MAPPED_L2, 37, b"IxMp").contains("begins with `IxMp`"));
}

#[test]
fn a_writer_holds_its_caller_to_the_header() {
    let shape = Shape { metric: Metric::L2, dimension: 2, rows: 1, id_map: None };
    assert!(Writer::new(Vec::new(), shape).unwrap().finish(&[]).is_err());
    assert!(Writer::new(Vec::new(), shape).unwrap().row(&[1.0]).is_err());
    let mut writer = Writer::new(Vec::new(), shape).unwrap();
    writer.row(&[1.0, 2.0]).unwrap();
    assert!(writer.row(&[1.0, 2.0]).is_err());
    assert!(writer.finish(&[1]).is_err());
    assert!(Writer::new(Vec::new(), Shape { dimension: 0, ..shape }).is_err());
    assert!(Writer::new(Vec::new(), Shape { dimension: (1 << 20) + 1, ..shape }).is_err());
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        dimension in 1_usize..40,
        count in 0_usize..8,
        l2 in any::<bool>(),
        map in 0..3,
        seed in any::<u64>(),
    ) {
        let mut chance = crate::invented::Chance::new(seed);
        let rows: Vec<Vec<f32>> = (0..count).map(|_| chance.vector(dimension)).collect();
        let id_map = [None, Some(IdMap::Plain), Some(IdMap::Two)][usize::try_from(map).unwrap()];
        let metric = if l2 { Metric::L2 } else { Metric::InnerProduct };
        let shape = Shape { metric, dimension, rows: u64::try_from(count).unwrap(), id_map };
        let ids: Vec<i64> = id_map.iter().flat_map(|_| 0..).take(count).collect();
        let bytes = write(shape, &rows, &ids);
        prop_assert_eq!(read(&bytes).unwrap(), (shape, rows, id_map.map(|_| ids)));
    }

    #[test]
    fn nothing_panics_on_flipped_or_foreign_bytes(
        mapped in any::<bool>(),
        flips in prop::collection::vec((0_usize..122, any::<u8>()), 0..6),
        cut in 0_usize..130,
        foreign in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let mut bytes = if mapped { MAPPED_L2.to_vec() } else { FLAT_IP.to_vec() };
        for (at, with) in flips {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = with;
            }
        }
        bytes.truncate(cut);
        // Whatever it is: no panic, and never more rows than the bytes can hold.
        if let Ok((shape, rows, _)) = read(&bytes) {
            prop_assert!(rows.len() * shape.dimension * 4 <= bytes.len());
        }
        prop_assert!(read(&foreign).is_err());
    }
}
