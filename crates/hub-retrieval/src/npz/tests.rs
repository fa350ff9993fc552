use std::io::Cursor;

use proptest::prelude::*;

use super::*;

type Table = (u64, usize, Vec<Vec<f32>>);

fn read_all(bytes: &[u8]) -> Result<Table, NpzError> {
    let (mut shape, mut rows) = ((0, 0), Vec::new());
    let begin = |rows, dimension| {
        shape = (rows, dimension);
        Ok(())
    };
    read(Cursor::new(bytes), begin, |row| {
        rows.push(row.to_vec());
        Ok::<_, NpzError>(())
    })?;
    Ok((shape.0, shape.1, rows))
}

fn written(ids: &[&str], rows: &[[f32; 3]]) -> Vec<u8> {
    write(Cursor::new(Vec::new()), 3, ids, rows.iter().map(<[f32; 3]>::as_slice)).unwrap().into_inner()
}

/// An archive with this array in the place of the embeddings.
fn archive(header: &[u8], data: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    archive.start_file("embeddings.npy", options).unwrap();
    archive.write_all(header).unwrap();
    archive.write_all(data).unwrap();
    archive.finish().unwrap().into_inner()
}

fn refused(header: &[u8], data: &[u8]) -> String {
    read_all(&archive(header, data)).unwrap_err().to_string()
}

#[test]
fn what_was_written_is_read() {
    let rows = [[1.0, -2.0, 0.5], [0.0, 3.0, 4.0]];
    let bytes = written(&["a", "żółw"], &rows);
    assert_eq!(read_all(&bytes).unwrap(), (2, 3, rows.map(Vec::from).to_vec()));
    assert_eq!(read_all(&written(&[], &[])).unwrap(), (0, 3, vec![]));
}

#[test]
fn ids_are_text_of_a_fixed_width_as_numpy_has_it() {
    let bytes = written(&["a", "ż"], &[[0.0; 3]; 2]);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut ids = Vec::new();
    archive.by_name("ids.npy").unwrap().read_to_end(&mut ids).unwrap();
    let (header, data) = ids.split_at(128);
    assert!(
        header.starts_with(b"\x93NUMPY\x01\0v\0{'descr': '<U40', 'fortran_order': False, 'shape': (2,), }")
    );
    assert!(header.ends_with(b" \n"));
    assert_eq!(data.len(), 2 * 40 * 4);
    assert_eq!(data[0..8], [b'a', 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(data[160..164], u32::from('ż').to_le_bytes());
}

#[test]
fn the_empty_file_that_the_earlier_program_makes_is_one() {
    let shape = npy::header("<f4", "(0, 0)");
    assert_eq!(read_all(&archive(&shape, &[])).unwrap(), (0, 0, vec![]));
}

#[test]
fn claims_beyond_the_file_are_refused() {
    let said = refused(&npy::header("<f4", "(1000000, 3072)"), &[0; 12]);
    assert!(said.contains("more than the file can hold"), "{said}");
    let said = refused(&npy::header("<f4", "(18446744073709551615, 3072)"), &[0; 12]);
    assert!(said.contains("more than the file can hold"), "{said}");
    let said = refused(&npy::header("<f4", "(1, 2000000)"), &vec![0; 8_000_000]);
    assert!(said.contains("can't be that wide"), "{said}");
    let said = refused(&npy::header("<f4", "(5, 0)"), &[]);
    assert!(said.contains("can't be that wide"), "{said}");
    let said = refused(&npy::header("<f4", "(2, 3)"), &[0; 12]);
    assert!(said.contains("can't be read"), "{said}");
    let said = refused(&npy::header("<f4", "(1, 3)"), &[0; 16]);
    assert!(said.contains("behind its end"), "{said}");
}

#[test]
fn other_arrays_are_refused() {
    let check = |descr: &str, shape: &str| {
        let said = refused(&npy::header(descr, shape), &[0; 24]);
        assert!(said.contains("two-dimensional"), "{said}");
    };
    check("<f8", "(1, 3)");
    check("|O", "(2,)");
    check(">f4", "(2, 3)");
    check("<f4", "(6,)");
    check("<f4", "(1, 2, 3)");
    check("<f4", "(-1, 3)");
    let fortran =
        String::from_utf8(npy::header("<f4", "(2, 3)")[10..].to_vec()).unwrap().replace("False", "True ");
    let mut bytes = b"\x93NUMPY\x01\0v\0".to_vec();
    bytes.extend(fortran.as_bytes());
    assert!(refused(&bytes, &[0; 24]).contains("two-dimensional"));
    assert!(refused(b"\x93NUMPX\x01\0v\0", &[0; 24]).contains("no numpy array"));
    assert!(refused(b"\x93NUMPY\x09\0v\0", &[0; 24]).contains("version"));
    assert!(refused(b"\x93NUMPY\x02\0\xff\xff\xff\xff", &[0; 24]).contains("too long"));
    let infinite = [f32::INFINITY.to_le_bytes(), [0; 4], [0; 4]].concat();
    assert!(refused(&npy::header("<f4", "(1, 3)"), &infinite).contains("row 0"));
}

#[test]
fn an_archive_without_embeddings_or_cut_anywhere_is_refused() {
    let whole = written(&["a"], &[[1.0, 2.0, 3.0]]);
    for length in 0..whole.len() {
        assert!(read_all(&whole[..length]).is_err(), "{length}");
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("other.npy", SimpleFileOptions::default()).unwrap();
    assert!(matches!(read_all(&archive.finish().unwrap().into_inner()), Err(NpzError::Zip(_))));
}

proptest! {
    #[test]
    fn nothing_panics_on_flipped_bytes(flips in prop::collection::vec((0_usize..1_000, any::<u8>()), 1..8)) {
        let mut bytes = written(&["a", "b"], &[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        for (at, with) in flips {
            let length = bytes.len();
            bytes[at % length] = with;
        }
        if let Ok((_, dimension, rows)) = read_all(&bytes) {
            prop_assert!(rows.len() * dimension <= 1_032 * bytes.len());
        }
    }
}
