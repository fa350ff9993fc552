use super::{MediaKind, is_list_whole};

fn check(content: &[u8], mime: &str, shown: bool) {
    let kind = MediaKind::of(content);
    assert_eq!((kind.mime(), kind.is_shown_in_page()), (mime, shown), "{content:02x?}");
    assert_eq!(MediaKind::of_mime(mime), kind);
}

#[test]
fn a_file_is_what_its_first_bytes_say() {
    check(b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg", true);
    check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png", true);
    check(b"GIF89a\x01\0", "image/gif", true);
    check(b"GIF87a\x01\0", "image/gif", true);
    check(b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp", true);
    check(b"\0\0\0\x18ftypmp42\0\0\0\0", "video/mp4", true);
    check(b"\0\0\0\x18ftypisom\0\0\0\0", "video/mp4", true);
    check(b"\0\0\0\x18ftyp3gp4\0\0\0\0", "video/3gpp", true);
    check(b"ID3\x04\0\0", "audio/mpeg", true);
    check(b"\xff\xfb\x90\x64\0", "audio/mpeg", true);
    check(b"OggS\0\x02", "audio/ogg", true);
    check(b"#!AMR\n\x04", "audio/amr", true);
    check(b"%PDF-1.7\n", "application/pdf", false);
    check(b"BEGIN:VCARD\r\nVERSION:3.0", "text/vcard", false);
    check("begin:vcard\nN:Żak".as_bytes(), "text/vcard", false);
    check("Zażółć\tgęślą\r\n".as_bytes(), "text/plain", false);
}

#[test]
fn what_could_run_is_text_and_the_rest_is_unknown() {
    check(b"<html><script>alert(1)</script>", "text/plain", false);
    check(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "text/plain", false);
    check(b"", "application/octet-stream", false);
    check(b"RIFF\x10\0\0\0WAVEfmt ", "application/octet-stream", false);
    check(b"PK\x03\x04", "application/octet-stream", false);
    check(b"MZ\x90\0", "application/octet-stream", false);
    check(b"\xff\xff\xff\xff", "application/octet-stream", false);
    check(b"plain\0text", "application/octet-stream", false);
    check(b"\xc5", "application/octet-stream", false);
}

#[test]
fn a_list_that_is_too_short_is_asked_for_once_more() {
    let check = |listed, expected, failures, whole| {
        assert_eq!(is_list_whole(listed, expected, failures), whole, "{listed} of {expected}, {failures}");
    };
    check(2, 2, 0, true);
    check(3, 2, 0, true);
    check(1, 2, 0, false);
    check(0, 1, 0, false);
    check(1, 2, 1, true);
    check(0, 1, 1, true);
}
