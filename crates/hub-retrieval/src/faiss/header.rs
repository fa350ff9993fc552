//! The 45 bytes before the rows, and the 37 more of an id map: little-endian, packed, read with checked sums.

use super::{FaissError, IdMap, Metric, Shape};

/// Bytes before the rows of a flat index.
pub(super) const FLAT: usize = 45;
/// Bytes of the index around a flat one.
pub(super) const OUTER: usize = 37;
/// The widest row that is believed.
pub(super) const MAX_DIMENSION: i32 = 1 << 20;
/// Stands in two fields that faiss ignores.
const FILLER: i64 = 1 << 20;

/// Reads the header of a file of `length` bytes, of which `head` is the beginning (82 bytes, or all there is).
pub(super) fn parse(head: &[u8], length: u64) -> Result<Shape, FaissError> {
    let mut fields = Fields { left: head };
    let kind = fields.take::<4>()?;
    let id_map = match &kind {
        b"IxMp" => Some(IdMap::Plain),
        b"IxM2" => Some(IdMap::Two),
        _ => None,
    };
    let Some(around) = id_map else { return flat(kind, &mut fields, None, length) };
    let outer = Common::read(&mut fields)?;
    let kind = fields.take::<4>()?;
    let shape = flat(kind, &mut fields, Some(around), length)?;
    let same = (shape.metric, shape.dimension, shape.rows) == (outer.metric, outer.dimension, outer.rows);
    if same { Ok(shape) } else { Err(FaissError::Contradiction("the id map and the index inside it")) }
}

fn flat(
    kind: [u8; 4],
    fields: &mut Fields<'_>,
    id_map: Option<IdMap>,
    length: u64,
) -> Result<Shape, FaissError> {
    let by_kind = match &kind {
        b"IxFI" => Some(Metric::InnerProduct),
        b"IxF2" => Some(Metric::L2),
        b"IxFl" => None,
        _ => return Err(FaissError::Kind(kind.escape_ascii().to_string())),
    };
    let Common { dimension, rows, metric } = Common::read(fields)?;
    if by_kind.is_some_and(|by_kind| by_kind != metric) {
        return Err(FaissError::Contradiction("the kind of index and its metric"));
    }
    let numbers = u64::from_le_bytes(fields.take()?);
    let wide = u64::try_from(dimension).ok();
    if wide.and_then(|wide| wide.checked_mul(rows)) != Some(numbers) {
        return Err(FaissError::Contradiction("the count of numbers and the rows"));
    }
    let shape = Shape { metric, dimension, rows, id_map };
    match size(&shape) {
        Some(claimed) if claimed == length => Ok(shape),
        claimed => Err(FaissError::Length { claimed, length }),
    }
}

/// How long a file of this shape is, unless that is beyond any file.
pub(super) fn size(shape: &Shape) -> Option<u64> {
    let wide = u64::try_from(shape.dimension).ok()?;
    let rows = shape.rows.checked_mul(wide)?.checked_mul(4)?;
    let fixed = u64::try_from(FLAT).ok()?;
    let around = match shape.id_map {
        None => 0,
        Some(_) => shape.rows.checked_mul(8)?.checked_add(u64::try_from(OUTER).ok()? + 8)?,
    };
    rows.checked_add(fixed)?.checked_add(around)
}

/// The header of a file of this shape.
pub(super) fn bytes(shape: &Shape) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(OUTER + FLAT);
    match shape.id_map {
        None => {}
        Some(IdMap::Plain) => common(*b"IxMp", shape, &mut out)?,
        Some(IdMap::Two) => common(*b"IxM2", shape, &mut out)?,
    }
    let kind = match shape.metric {
        Metric::InnerProduct => *b"IxFI",
        Metric::L2 => *b"IxF2",
    };
    common(kind, shape, &mut out)?;
    let wide = u64::try_from(shape.dimension).ok()?;
    out.extend(shape.rows.checked_mul(wide)?.to_le_bytes());
    Some(out)
}

fn common(kind: [u8; 4], shape: &Shape, out: &mut Vec<u8>) -> Option<()> {
    let dimension = i32::try_from(shape.dimension).ok()?;
    if !(1..=MAX_DIMENSION).contains(&dimension) {
        return None;
    }
    out.extend(kind);
    out.extend(dimension.to_le_bytes());
    out.extend(i64::try_from(shape.rows).ok()?.to_le_bytes());
    out.extend(FILLER.to_le_bytes());
    out.extend(FILLER.to_le_bytes());
    out.push(1);
    let metric: i32 = match shape.metric {
        Metric::InnerProduct => 0,
        Metric::L2 => 1,
    };
    out.extend(metric.to_le_bytes());
    Some(())
}

/// What every index says of itself after its kind.
struct Common {
    dimension: usize,
    rows: u64,
    metric: Metric,
}

impl Common {
    fn read(fields: &mut Fields<'_>) -> Result<Self, FaissError> {
        let dimension = i32::from_le_bytes(fields.take()?);
        if !(1..=MAX_DIMENSION).contains(&dimension) {
            return Err(FaissError::Dimension(dimension));
        }
        let dimension = usize::try_from(dimension).map_err(|_| FaissError::Dimension(dimension))?;
        let rows = i64::from_le_bytes(fields.take()?);
        let rows = u64::try_from(rows).map_err(|_| FaissError::Rows(rows))?;
        fields.take::<16>()?;
        let [trained] = fields.take()?;
        if trained > 1 {
            return Err(FaissError::Contradiction("the mark of a trained index and what it can be"));
        }
        let metric = match i32::from_le_bytes(fields.take()?) {
            0 => Metric::InnerProduct,
            1 => Metric::L2,
            other => return Err(FaissError::Metric(other)),
        };
        Ok(Self { dimension, rows, metric })
    }
}

struct Fields<'a> {
    left: &'a [u8],
}

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], FaissError> {
        let (field, left) = self.left.split_first_chunk().ok_or(FaissError::Cut)?;
        self.left = left;
        Ok(*field)
    }
}
