//! The crate as its users see it.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod collection;
#[cfg(test)]
mod data;
#[cfg(test)]
mod earlier_program;
#[cfg(test)]
mod polish;
