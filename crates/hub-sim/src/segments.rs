//! How many SMS segments a text takes.

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
    ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED: &str = "^{}\\[~]|€\u{c}";

/// Segments of a text; an empty one (media only) counts as one message.
pub(crate) fn count(text: &str) -> u32 {
    let septets: Option<Vec<u32>> = text.chars().map(septets).collect();
    septets.map_or_else(
        || packed(text.chars().map(utf16_units), 70, 67),
        |septets| packed(septets.into_iter(), 160, 153),
    )
}

fn septets(character: char) -> Option<u32> {
    if BASIC.contains(character) {
        Some(1)
    } else if EXTENDED.contains(character) {
        Some(2)
    } else {
        None
    }
}

fn utf16_units(character: char) -> u32 {
    if u32::from(character) > 0xffff { 2 } else { 1 }
}

/// Packs characters into segments; a character of two units is never split.
fn packed(widths: impl Iterator<Item = u32> + Clone, alone: u32, joined: u32) -> u32 {
    if widths.clone().sum::<u32>() <= alone {
        return 1;
    }
    let (mut segments, mut used) = (1, 0);
    for width in widths {
        if used + width > joined {
            segments += 1;
            used = 0;
        }
        used += width;
    }
    segments
}

#[cfg(test)]
mod tests;
