//! Which passages have a token, and how often: the one format of a list, written and read here.
//!
//! Places ascend; each is written as its distance from the one before, shifted left by one; the lowest bit says
//! that the token stands there once, else the count follows in a byte. Numbers are written seven bits a byte,
//! so an entry of a frequent token is one byte. Lists live only in memory and are trusted.

/// A list being written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    next: u32,
    pub(super) count: u32,
}

impl Writer {
    /// Adds an entry; places must ascend.
    pub(super) fn push(&mut self, place: u32, times: u8, bytes: &mut Vec<u8>) {
        let distance = place - self.next;
        self.next = place + 1;
        self.count += 1;
        let once = u64::from(times <= 1);
        let mut rest = (u64::from(distance) << 1) | once;
        while rest >= 0x80 {
            bytes.push(low_byte(rest) | 0x80);
            rest >>= 7;
        }
        bytes.push(low_byte(rest));
        if times > 1 {
            bytes.push(times);
        }
    }
}

#[expect(clippy::as_conversions, reason = "the low seven bits are meant")]
const fn low_byte(number: u64) -> u8 {
    (number & 0x7f) as u8
}

/// A list being read.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    bytes: std::slice::Iter<'a, u8>,
    next: u32,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter(), next: 0 }
    }
}

impl Iterator for Reader<'_> {
    /// A place and how often the token stands there.
    type Item = (u32, u8);

    #[inline]
    fn next(&mut self) -> Option<(u32, u8)> {
        let first = *self.bytes.next()?;
        let mut number = u32::from(first & 0x7f);
        let mut shift = 7;
        let mut byte = first;
        // Distances stay below 2^31: five bytes hold them shifted.
        while byte & 0x80 != 0 {
            byte = *self.bytes.next()?;
            number |= u32::from(byte & 0x7f) << shift;
            shift += 7;
        }
        let times = if number & 1 == 1 { 1 } else { *self.bytes.next()? };
        let place = self.next + (number >> 1);
        self.next = place + 1;
        Some((place, times))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_written_is_read(steps in prop::collection::vec((0_u32..200_000_000, 1_u8..), 0..10)) {
            let mut bytes = Vec::new();
            let mut writer = Writer::default();
            let mut place = 0;
            let mut entries = Vec::new();
            for (step, times) in steps {
                place += step;
                entries.push((place, times));
                writer.push(place, times, &mut bytes);
                place += 1;
            }
            prop_assert_eq!(Reader::new(&bytes).collect::<Vec<_>>(), entries);
        }
    }
}
