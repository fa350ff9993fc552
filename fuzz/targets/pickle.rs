//! `index.pkl` from anyone: no panic, nothing run, and what comes out is bounded by what went in.
#![no_main]

use hub_retrieval::pickle::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(documents) = read(bytes) else { return };
    let size: usize = documents.values().map(|document| document.page_content.len() + document.id.len()).sum();
    assert!(size <= bytes.len() * 16);
});
