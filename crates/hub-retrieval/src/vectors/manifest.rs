//! The one file that says which segments an index consists of. Placing it is the commit of every change.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::snapshot::Kind;
use crate::{
    durable::{self, hex},
    working::WorkingError,
};

const FILE: &str = "manifest";
const VERSION: u32 = 1;
/// Far more than the few lines it has.
const LONGEST: u64 = 1 << 20;

/// See the module. The file is this as JSON, and its SHA-256 in the line below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    version: u32,
    pub(super) kind: Kind,
    /// The number of the next segment. Numbers are not used again.
    pub(super) next: u64,
    pub(super) segments: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) rows: usize,
    /// Which file says what was deleted; 0 for none.
    pub(super) deletions: u64,
}

impl Manifest {
    pub(super) fn new(kind: Kind, next: u64, segments: Vec<Entry>) -> Self {
        Self { version: VERSION, kind, next, segments }
    }

    /// Nothing where no index was built.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, WorkingError> {
        let path = folder.join(FILE);
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
            Ok(file) if file.len() > LONGEST => return Err(WorkingError::Foreign),
            Ok(_) => {}
        }
        let bytes = fs::read(path)?;
        let text = str::from_utf8(&bytes).map_err(|_| WorkingError::Foreign)?;
        let (json, sum) = text.split_once('\n').ok_or(WorkingError::Foreign)?;
        if sum.trim_end() != hex(&Sha256::digest(json)) {
            return Err(WorkingError::Damaged("the list of its segments"));
        }
        let Versioned { version } = serde_json::from_str(json).map_err(|_| WorkingError::Foreign)?;
        if version != VERSION {
            return Err(WorkingError::Version(version));
        }
        serde_json::from_str(json).map(Some).map_err(|_| WorkingError::Foreign)
    }

    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let json = serde_json::to_string(self)?;
        let sum = hex(&Sha256::digest(&json));
        durable::write_bytes(&folder.join(FILE), format!("{json}\n{sum}\n").as_bytes())
    }

    pub(super) fn remove(folder: &Path) -> io::Result<()> {
        if durable::remove(&folder.join(FILE))? { durable::sync_folder(folder) } else { Ok(()) }
    }

    /// The files besides itself that it speaks of.
    pub(super) fn files(&self) -> impl Iterator<Item = String> {
        self.segments.iter().flat_map(|entry| {
            let deleted = (entry.deletions > 0).then(|| dead_file(entry.number, entry.deletions));
            [Some(segment_file(entry.number)), deleted].into_iter().flatten()
        })
    }
}

/// What every version has.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

pub(super) fn segment_file(number: u64) -> String {
    format!("{number:08}.segment")
}

pub(super) fn dead_file(number: u64, deletions: u64) -> String {
    format!("{number:08}.deleted.{deletions}")
}

/// Whether a file of this name may be removed when no manifest speaks of it.
pub(super) fn is_ours(name: &str) -> bool {
    let name = name.strip_suffix(durable::UNFINISHED).unwrap_or(name);
    let Some((number, kind)) = name.split_once('.') else { return name == FILE };
    let is_number = number.len() >= 8 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number && (kind == "segment" || kind.starts_with("deleted."))
}
