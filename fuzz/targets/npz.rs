//! `index.npz` from anyone: no panic, and never more than deflate could have packed.
#![no_main]

use std::io::Cursor;

use hub_retrieval::npz::{NpzError, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut numbers = 0;
    let _ = read(Cursor::new(bytes), |_, _| Ok::<_, NpzError>(()), |row| {
        numbers += row.len();
        Ok(())
    });
    assert!(numbers * 4 <= bytes.len() * 1032);
});
