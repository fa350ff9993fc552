//! Vectors that were paid for: a file that only grows, so that no text is paid for twice.
//!
//! A record has the hash of model and text, the vector, and a checksum. Whatever follows the last whole record, as a
//! crash leaves it, is dropped when the file is opened. Texts are not in the file.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, BufReader, Read, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use sha2::{Digest as _, Sha256};

use crate::durable;

#[cfg(test)]
mod tests;

/// Numbers in a vector; more are taken for damage.
const MOST_NUMBERS: u32 = 1 << 16;
const KEY: usize = 32;
const SUM: usize = 32;

/// Names a text as one model sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PaidKey([u8; KEY]);

impl PaidKey {
    /// The name of a text for a model.
    pub fn of(model: &str, text: &str) -> Self {
        let mut sum = Sha256::new();
        sum.update(model);
        sum.update([0]);
        sum.update(text);
        Self(sum.finalize().into())
    }
}

/// Where a record is.
#[derive(Clone, Copy, Debug)]
struct Place {
    begins: u64,
    /// Numbers in its vector.
    numbers: usize,
}

/// The open file. One process at a time may have it: whoever opens it holds the turn of its data folder.
#[derive(Debug)]
pub struct PaidVectors {
    file: File,
    places: HashMap<PaidKey, Place>,
    /// Where the next one goes.
    end: u64,
}

impl PaidVectors {
    /// Opens the file, or makes an empty one, and drops what is not whole.
    pub fn open(path: &Path) -> io::Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let is_new = !path.exists();
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        if is_new {
            durable::sync_folder(folder)?;
        }
        let mut reader = BufReader::with_capacity(1 << 20, &file);
        let (mut places, mut end) = (HashMap::new(), 0);
        while let Some((key, vector, length)) = record(&mut reader)? {
            places.insert(key, Place { begins: end, numbers: vector.len() });
            end += length;
        }
        if file.metadata()?.len() > end {
            file.set_len(end)?;
            file.sync_all()?;
        }
        Ok(Self { file, places, end })
    }

    /// How many numbers this text's vector has.
    pub fn numbers(&self, key: &PaidKey) -> Option<usize> {
        self.places.get(key).map(|place| place.numbers)
    }

    /// The vector of a text.
    pub fn get(&mut self, key: &PaidKey) -> io::Result<Option<Vec<f32>>> {
        let Some(place) = self.places.get(key) else { return Ok(None) };
        self.file.seek(SeekFrom::Start(place.begins))?;
        match record(&mut BufReader::with_capacity(1 << 14, &self.file))? {
            Some((found, vector, _)) if found == *key => Ok(Some(vector)),
            Some(_) | None => Err(io::Error::new(io::ErrorKind::InvalidData, "a paid vector was damaged")),
        }
    }

    /// Adds vectors; they are on disk when this returns.
    pub fn add(&mut self, vectors: &[(PaidKey, Vec<f32>)]) -> io::Result<()> {
        let (mut bytes, mut added) = (Vec::new(), Vec::with_capacity(vectors.len()));
        for (key, vector) in vectors {
            let from = bytes.len();
            let begins = self.end + u64::try_from(from).map_err(io::Error::other)?;
            added.push((*key, Place { begins, numbers: vector.len() }));
            let numbers = u32::try_from(vector.len()).ok().filter(|numbers| *numbers <= MOST_NUMBERS);
            let numbers = numbers.ok_or_else(|| io::Error::other("a vector of too many numbers"))?;
            bytes.extend(key.0);
            bytes.extend(numbers.to_le_bytes());
            bytes.extend(vector.iter().flat_map(|number| number.to_le_bytes()));
            let sum = Sha256::digest(bytes.get(from..).unwrap_or_default());
            bytes.extend(sum);
        }
        // Over whatever a write that failed has left.
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        self.end += u64::try_from(bytes.len()).map_err(io::Error::other)?;
        self.places.extend(added);
        Ok(())
    }
}

/// The next record and its length in the file; `None` where there is no whole one.
fn record(from: &mut impl Read) -> io::Result<Option<(PaidKey, Vec<f32>, u64)>> {
    let mut head = [0; KEY + 4];
    if !whole(from, &mut head)? {
        return Ok(None);
    }
    let Some((key, numbers)) = head.split_first_chunk::<KEY>() else { return Ok(None) };
    let numbers = numbers.first_chunk().map_or(u32::MAX, |bytes| u32::from_le_bytes(*bytes));
    if numbers > MOST_NUMBERS {
        return Ok(None);
    }
    let mut rest = vec![0; usize::try_from(numbers).map_err(io::Error::other)? * 4 + SUM];
    if !whole(from, &mut rest)? {
        return Ok(None);
    }
    let Some((numbers, sum)) = rest.split_last_chunk::<SUM>() else { return Ok(None) };
    if Sha256::new().chain_update(head).chain_update(numbers).finalize().as_slice() != sum {
        return Ok(None);
    }
    let vector = numbers.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let length = u64::try_from(head.len() + rest.len()).map_err(io::Error::other)?;
    Ok(Some((PaidKey(*key), vector, length)))
}

/// Fills the buffer; `false` where the file ends first.
fn whole(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
