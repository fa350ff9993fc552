//! A file of vectors of either kind, gone through row by row.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use crate::{
    faiss::{self, FaissError},
    npz::{self, NpzError},
};

/// Why a file of vectors could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// `index.faiss`.
    #[error(transparent)]
    Faiss(#[from] FaissError),
    /// `index.npz`.
    #[error(transparent)]
    Npz(#[from] NpzError),
}

impl SourceError {
    pub(super) fn not_found(&self) -> bool {
        let (Self::Faiss(FaissError::Io(error)) | Self::Npz(NpzError::Io(error))) = self else {
            return false;
        };
        error.kind() == io::ErrorKind::NotFound
    }
}

#[derive(Debug)]
pub(super) enum Source {
    Faiss(PathBuf),
    Npz(PathBuf),
}

impl Source {
    pub(super) fn faiss(folder: &Path) -> Self {
        Self::Faiss(folder.join("index.faiss"))
    }

    pub(super) fn npz(folder: &Path) -> Self {
        Self::Npz(folder.join("index.npz"))
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Faiss(_) => "index.faiss",
            Self::Npz(_) => "index.npz",
        }
    }

    /// Gives the number of each row and the row.
    pub(super) fn each<E: From<SourceError>>(
        &self,
        mut each: impl FnMut(u64, &[f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Faiss(path) => {
                let wrong = |error: FaissError| E::from(error.into());
                let file = File::open(path).map_err(|error| wrong(error.into()))?;
                let mut reader =
                    faiss::Reader::new(io::BufReader::with_capacity(1 << 20, file)).map_err(wrong)?;
                let (mut number, mut row) = (0, Vec::new());
                while reader.next_row(&mut row).map_err(wrong)? {
                    each(number, &row)?;
                    number += 1;
                }
                Ok(())
            }
            Self::Npz(path) => {
                let file = File::open(path).map_err(|error| E::from(NpzError::from(error).into()))?;
                let mut number = 0;
                npz::read(
                    io::BufReader::new(file),
                    |_, _| Ok(()),
                    |row| {
                        each(number, row).map_err(Stopped::Caller)?;
                        number += 1;
                        Ok(())
                    },
                )
                .map_err(|stopped| match stopped {
                    Stopped::File(error) => E::from(error.into()),
                    Stopped::Caller(error) => error,
                })
            }
        }
    }
}

enum Stopped<E> {
    File(NpzError),
    Caller(E),
}

impl<E> From<NpzError> for Stopped<E> {
    fn from(error: NpzError) -> Self {
        Self::File(error)
    }
}
