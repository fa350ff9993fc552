//! `index.faiss` from anyone: no panic, no allocation beyond the file, and what is read is written back the same.
#![no_main]

use std::io::Cursor;

use hub_retrieval::faiss::{Reader, Writer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut reader) = Reader::new(Cursor::new(bytes)) else { return };
    let shape = *reader.shape();
    let (mut row, mut rows) = (Vec::new(), Vec::new());
    loop {
        match reader.next_row(&mut row) {
            Ok(true) => rows.push(row.clone()),
            Ok(false) => break,
            Err(_) => return,
        }
    }
    let mut writer = Writer::new(Vec::new(), shape).expect("a shape that was read can be written");
    rows.iter().for_each(|row| writer.row(row).expect("a row that was read can be written"));
    let again = writer.finish(reader.ids().unwrap_or_default()).expect("all rows are there");
    assert_eq!(again.len(), bytes.len());
});
