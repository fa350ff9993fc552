//! The one file that maps others into memory and looks at their bytes as numbers.
//!
//! Only our own working files are mapped: they are written under another name, never changed afterwards, and unlinked
//! rather than cut, so that what is mapped stays as it was checked. Files of others are read.
#![expect(unsafe_code, reason = "mapping, and numbers out of checked and aligned bytes")]

use std::{fs::File, io, ops::Range};

use memmap2::Mmap;

const _: () = assert!(cfg!(target_endian = "little"), "working files are little-endian and used as they lie");

/// A whole file in memory.
#[derive(Debug)]
pub(crate) struct Map {
    bytes: Mmap,
}

impl Map {
    pub(crate) fn new(file: &File) -> io::Result<Self> {
        // SAFETY: the file is one of our working files (see above): nobody changes or cuts it while it is mapped.
        let bytes = unsafe { Mmap::map(file) }?;
        Ok(Self { bytes })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A part as numbers: nothing unless it lies inside the file, is aligned, and has whole numbers only.
    pub(crate) fn numbers<T: Number>(&self, part: Range<usize>) -> Option<&[T]> {
        numbers(self.bytes.get(part)?)
    }
}

/// Bytes as numbers, if they are aligned and whole.
pub(crate) fn numbers<T: Number>(bytes: &[u8]) -> Option<&[T]> {
    // SAFETY: every pattern of bits is a value of these types, as the trait promises.
    let (before, numbers, behind) = unsafe { bytes.align_to::<T>() };
    (before.is_empty() && behind.is_empty()).then_some(numbers)
}

/// Numbers as the bytes that they are in a file.
pub(crate) fn bytes_of<T: Number>(numbers: &[T]) -> &[u8] {
    // SAFETY: these types have no padding, as the trait promises, and bytes need no alignment.
    unsafe { numbers.align_to::<u8>() }.1
}

/// Types of which every pattern of bits is a value, without padding.
///
/// # Safety
/// That must be so.
pub(crate) unsafe trait Number: Copy {}

// SAFETY: integers, floats and arrays of bytes have no padding and no invalid pattern.
unsafe impl Number for u32 {}
// SAFETY: as above.
unsafe impl Number for u64 {}
// SAFETY: as above.
unsafe impl Number for i64 {}
// SAFETY: as above.
unsafe impl Number for f32 {}
// SAFETY: as above.
unsafe impl Number for [u8; 32] {}
