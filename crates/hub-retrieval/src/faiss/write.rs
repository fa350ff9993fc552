//! Rows into a file, byte for byte as faiss would write them.

use std::io::{self, Write};

use super::{Shape, header};

/// A file being written: the header first, rows one at a time, and at the end a check that the header was true.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    shape: Shape,
    written: u64,
}

impl<W: Write> Writer<W> {
    /// Writes the header. The shape must hold what will come.
    pub fn new(mut out: W, shape: Shape) -> io::Result<Self> {
        let header = header::bytes(&shape).ok_or_else(|| wrong("no faiss file has such a shape"))?;
        out.write_all(&header)?;
        Ok(Self { out, shape, written: 0 })
    }

    /// Writes the next row.
    pub fn row(&mut self, row: &[f32]) -> io::Result<()> {
        if row.len() != self.shape.dimension || self.written == self.shape.rows {
            return Err(wrong("the row is not one that the header announced"));
        }
        for number in row {
            self.out.write_all(&number.to_le_bytes())?;
        }
        self.written += 1;
        Ok(())
    }

    /// Ends the file: with the numbers of the rows if the shape has a map, with an empty slice otherwise.
    pub fn finish(mut self, ids: &[i64]) -> io::Result<W> {
        let rows = usize::try_from(self.shape.rows).map_err(io::Error::other)?;
        let wanted = if self.shape.id_map.is_some() { rows } else { 0 };
        if self.written != self.shape.rows || ids.len() != wanted {
            return Err(wrong("the file ends before what the header announced"));
        }
        if self.shape.id_map.is_some() {
            self.out.write_all(&self.shape.rows.to_le_bytes())?;
        }
        for id in ids {
            self.out.write_all(&id.to_le_bytes())?;
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

fn wrong(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what)
}
