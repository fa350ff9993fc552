use super::{adler32, crc32, png};

#[test]
fn checksums_are_those_of_the_standards() {
    assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
}

#[test]
fn a_picture_has_its_parts_and_its_own_colours() {
    let picture = png(1);
    assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n") && picture.ends_with(b"IEND\xaeB`\x82"));
    assert_eq!(png(1), picture);
    assert_ne!(png(2), picture);
}
