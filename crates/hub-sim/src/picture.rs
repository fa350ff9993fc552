//! A small PNG drawn by code, so that no picture lies in the repository: coloured squares on white.

const SIDE: u32 = 64;
const SQUARE: u32 = 16;

/// A valid PNG of 64 × 64 pixels; each number gives its own colours.
pub(crate) fn png(number: u64) -> Vec<u8> {
    let mut header = Vec::from(SIDE.to_be_bytes());
    header.extend(SIDE.to_be_bytes());
    // 8 bits, red-green-blue, deflate, no filter choice, not interlaced.
    header.extend([8, 2, 0, 0, 0]);
    let mut png = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"IDAT", &zlib_stored(&pixels(number)));
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn pixels(number: u64) -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..SIDE {
        // No filter in this row.
        rows.push(0);
        for x in 0..SIDE {
            let is_coloured = (x / SQUARE + y / SQUARE).is_multiple_of(2);
            rows.extend(if is_coloured { colour(number) } else { [255; 3] });
        }
    }
    rows
}

fn colour(number: u64) -> [u8; 3] {
    let [red, green, blue, ..] = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
    [red, green, blue]
}

/// Zlib without compression: blocks of at most 65,535 bytes as they are.
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(adler32(data).to_be_bytes());
    out
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut checked = Vec::from(kind);
    checked.extend(data);
    png.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    png.extend(&checked);
    png.extend(crc32(&checked).to_be_bytes());
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| {
                if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 }
            },
        )
    })
}

fn adler32(data: &[u8]) -> u32 {
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    (b << 16) | a
}

#[cfg(test)]
mod tests;
