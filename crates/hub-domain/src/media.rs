//! What an attachment is, by its own first bytes: what a sender or a server says of it proves nothing.
//!
//! Only kinds that a browser shows or plays without running anything are shown in a page; all else is saved.

/// Largest attachment kept, in bytes.
pub const LARGEST: usize = 20 << 20;

/// A kind of file we know by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "names of formats")]
pub enum MediaKind {
    Jpeg,
    Png,
    Gif,
    Webp,
    Mp4,
    ThreeGp,
    Mp3,
    Ogg,
    Amr,
    Pdf,
    VCard,
    Text,
    /// Anything else.
    Unknown,
}

impl MediaKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::Webp,
        Self::Mp4,
        Self::ThreeGp,
        Self::Mp3,
        Self::Ogg,
        Self::Amr,
        Self::Pdf,
        Self::VCard,
        Self::Text,
        Self::Unknown,
    ];

    /// What these bytes are. Text is what is UTF-8 without control characters; that includes HTML and SVG,
    /// which are therefore never more than text.
    pub fn of(content: &[u8]) -> Self {
        if content.starts_with(&[0xff, 0xd8, 0xff]) {
            Self::Jpeg
        } else if content.starts_with(b"\x89PNG\r\n\x1a\n") {
            Self::Png
        } else if content.starts_with(b"GIF87a") || content.starts_with(b"GIF89a") {
            Self::Gif
        } else if content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP") {
            Self::Webp
        } else if content.get(4..8) == Some(b"ftyp") {
            match content.get(8..11) {
                Some(b"3gp" | b"3g2") => Self::ThreeGp,
                Some(_) | None => Self::Mp4,
            }
        } else if content.starts_with(b"ID3") || is_mpeg_audio(content) {
            Self::Mp3
        } else if content.starts_with(b"OggS") {
            Self::Ogg
        } else if content.starts_with(b"#!AMR") {
            Self::Amr
        } else if content.starts_with(b"%PDF-") {
            Self::Pdf
        } else {
            Self::of_text(content)
        }
    }

    fn of_text(content: &[u8]) -> Self {
        let Ok(text) = str::from_utf8(content) else { return Self::Unknown };
        let is_plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
        if text.is_empty() || !text.chars().all(is_plain) {
            Self::Unknown
        } else if text
            .trim_start_matches('\u{feff}')
            .get(..11)
            .is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCARD"))
        {
            Self::VCard
        } else {
            Self::Text
        }
    }

    /// Its MIME type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Mp4 => "video/mp4",
            Self::ThreeGp => "video/3gpp",
            Self::Mp3 => "audio/mpeg",
            Self::Ogg => "audio/ogg",
            Self::Amr => "audio/amr",
            Self::Pdf => "application/pdf",
            Self::VCard => "text/vcard",
            Self::Text => "text/plain",
            Self::Unknown => "application/octet-stream",
        }
    }

    /// Reads a stored MIME type; whatever we don't know is [`MediaKind::Unknown`].
    pub fn of_mime(mime: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.mime() == mime).unwrap_or(Self::Unknown)
    }

    /// The ending of a file's name, without the dot.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Mp4 => "mp4",
            Self::ThreeGp => "3gp",
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
            Self::Amr => "amr",
            Self::Pdf => "pdf",
            Self::VCard => "vcf",
            Self::Text => "txt",
            Self::Unknown => "bin",
        }
    }

    /// A page may show or play it; everything else is offered for saving.
    pub const fn is_shown_in_page(self) -> bool {
        match self {
            Self::Jpeg
            | Self::Png
            | Self::Gif
            | Self::Webp
            | Self::Mp4
            | Self::ThreeGp
            | Self::Mp3
            | Self::Ogg
            | Self::Amr => true,
            Self::Pdf | Self::VCard | Self::Text | Self::Unknown => false,
        }
    }
}

/// The header of an MPEG audio frame, layer III.
fn is_mpeg_audio(content: &[u8]) -> bool {
    matches!(content, [0xff, second, third, ..]
        if second & 0xe6 == 0xe2 && third & 0xf0 != 0xf0 && third & 0x0c != 0x0c)
}

/// Where an attachment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaState {
    /// Not ours to fetch: it goes out with a message of ours, or came before we fetched any.
    Elsewhere,
    /// A job will fetch it.
    Waiting,
    /// On our disk.
    Stored,
    /// It will never be: see its [`MediaLoss`].
    Lost,
}

impl MediaState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Elsewhere, Self::Waiting, Self::Stored, Self::Lost];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Elsewhere => "elsewhere",
            Self::Waiting => "waiting",
            Self::Stored => "stored",
            Self::Lost => "lost",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Whether a list of attachments is believed. One that is shorter than the message's own count is asked for once
/// more, since a list may lag behind; what it still lacks then is gone.
pub fn is_list_whole(listed: usize, expected: u32, failures: u32) -> bool {
    failures > 0 || u32::try_from(listed).is_ok_and(|listed| listed >= expected)
}

/// Why an attachment will never be on our disk. Asking again would change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaLoss {
    /// Twilio doesn't have it (any more).
    Gone,
    /// Larger than [`LARGEST`].
    TooLarge,
    /// Its address is not one of our account's at Twilio: it is not asked for.
    NotAtTwilio,
    /// Twilio led on to an address that must not be called.
    Forbidden,
    /// A person decided not to wait for it any longer.
    GivenUp,
}

impl MediaLoss {
    /// Every reason.
    pub const ALL: [Self; 5] =
        [Self::Gone, Self::TooLarge, Self::NotAtTwilio, Self::Forbidden, Self::GivenUp];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::TooLarge => "too_large",
            Self::NotAtTwilio => "not_at_twilio",
            Self::Forbidden => "forbidden",
            Self::GivenUp => "given_up",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|loss| loss.as_str() == word)
    }
}

#[cfg(test)]
mod tests;
