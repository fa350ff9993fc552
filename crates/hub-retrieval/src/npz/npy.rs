//! The header of one numpy array: a Python dictionary as text, of which exactly the form that numpy writes is read.

use std::io::Read;

use super::NpzError;

const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// numpy itself refuses longer ones unless told to trust them.
const LONGEST: usize = 10_000;

/// Rows and dimension of an array of two dimensions in `<f4`, row after row.
pub(super) fn shape(source: &mut impl Read) -> Result<(u64, u64), NpzError> {
    let mut start = [0; 8];
    source.read_exact(&mut start)?;
    let version = start.strip_prefix(MAGIC).ok_or(NpzError::Array("it is no numpy array"))?;
    let length = match version {
        [1, 0] => {
            let mut length = [0; 2];
            source.read_exact(&mut length)?;
            usize::from(u16::from_le_bytes(length))
        }
        [2 | 3, 0] => {
            let mut length = [0; 4];
            source.read_exact(&mut length)?;
            usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX)
        }
        _ => return Err(NpzError::Array("its version is not known")),
    };
    if length > LONGEST {
        return Err(NpzError::Array("its header is too long"));
    }
    let mut header = vec![0; length];
    source.read_exact(&mut header)?;
    let header = str::from_utf8(&header).map_err(|_| NpzError::Array("its header is no text"))?;
    parse(header).ok_or(NpzError::Array("it is not two-dimensional, row after row, of <f4"))
}

/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, padded with spaces.
fn parse(header: &str) -> Option<(u64, u64)> {
    let inside = header.trim().strip_prefix('{')?.strip_suffix('}')?.trim();
    let inside = inside.strip_prefix("'descr': '<f4', 'fortran_order': False, 'shape': (")?;
    let (rows, dimension) = inside.trim_end_matches(',').strip_suffix(')')?.split_once(", ")?;
    Some((rows.parse().ok()?, dimension.parse().ok()?))
}

/// A header of version 1, padded so that the data begins at a multiple of 64.
pub(super) fn header(descr: &str, shape: &str) -> Vec<u8> {
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    let fixed = MAGIC.len() + 4;
    let padded = (fixed + text.len() + 1).next_multiple_of(64) - fixed;
    let mut out = Vec::with_capacity(fixed + padded);
    out.extend(MAGIC);
    out.extend([1, 0]);
    out.extend(u16::try_from(padded).unwrap_or(u16::MAX).to_le_bytes());
    out.extend(text.as_bytes());
    out.resize(fixed + padded - 1, b' ');
    out.push(b'\n');
    out
}
