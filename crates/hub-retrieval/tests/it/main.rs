//! The crate from outside: beside faiss itself and beside the files of a real installation, where this machine has them.

#[cfg(test)]
mod faiss;
#[cfg(test)]
mod original;
