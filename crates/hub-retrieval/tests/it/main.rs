//! The crate as its users see it, beside faiss itself and the files of a real installation where this machine has them.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod collection;
#[cfg(test)]
mod data;
#[cfg(test)]
mod earlier_program;
#[cfg(test)]
mod faiss;
#[cfg(test)]
mod original;
#[cfg(test)]
mod polish;
