//! `twilio-chat segments`: what a text costs, one text for a person or any number of them as JSON lines.

use std::{
    borrow::Cow,
    io::{self, BufRead, BufWriter, Read, Write},
};

use hub_domain::segments::{Segments, count};
use serde::{Deserialize, Serialize};

use crate::{
    i18n::{Lang, plural},
    t,
};

/// A longer line is refused unread: memory stays bounded whatever comes in.
const MAX_LINE_BYTES: u64 = 16 * 1024 * 1024;

/// How a batch went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Lines that got an error in place of a count.
    pub(super) bad_lines: u64,
}

/// What one text costs, in words.
pub(super) fn one(text: &str, lang: Lang) -> String {
    let Segments { encoding, units, segments, forced_by } = count(text);
    let noun = plural(
        lang,
        u64::try_from(segments).unwrap_or(u64::MAX),
        t!(lang, "cli.segments.one"),
        t!(lang, "cli.segments.few"),
        t!(lang, "cli.segments.many"),
    );
    let line =
        t!(lang, "cli.segments.line", encoding = encoding, units = units, segments = segments, noun = noun);
    if forced_by.is_empty() {
        return line;
    }
    // Quoted as in source code: some of them are invisible, some would steer the terminal.
    let quoted =
        |c: &char| if is_visible(*c) { format!("„{c}”") } else { c.escape_unicode().to_string() };
    let characters = forced_by.iter().map(quoted).collect::<Vec<_>>().join(" ");
    format!("{line}\n{}", t!(lang, "cli.segments.forced", characters = characters))
}

/// What one text costs, as the JSON of a batch.
pub(super) fn one_json(text: &str) -> serde_json::Result<String> {
    serde_json::to_string(&Count::of(text))
}

/// Reads `{"text": …}` lines and writes a count, or an error, for each, in order. The end of a last line needs
/// no line break; an empty line is a bad one, so that output line 7 always answers input line 7.
pub(super) fn batch(mut input: impl BufRead, output: impl Write) -> io::Result<Outcome> {
    let mut output = BufWriter::new(output);
    let mut outcome = Outcome::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let complete = line.last() == Some(&b'\n') || input.fill_buf()?.is_empty();
        let counted = if complete {
            counted(&line)
        } else {
            input.skip_until(b'\n')?;
            Err(format!("the line is longer than {MAX_LINE_BYTES} bytes"))
        };
        match counted {
            Ok(count) => serde_json::to_writer(&mut output, &count)?,
            Err(error) => {
                outcome.bad_lines += 1;
                serde_json::to_writer(&mut output, &Bad { error })?;
            }
        }
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(outcome)
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

#[derive(Serialize)]
struct Count {
    encoding: String,
    units: usize,
    segments: usize,
    forced_by: Vec<char>,
}

#[derive(Serialize)]
struct Bad {
    error: String,
}

impl Count {
    fn of(text: &str) -> Self {
        let Segments { encoding, units, segments, forced_by } = count(text);
        Self { encoding: encoding.to_string(), units, segments, forced_by }
    }
}

/// Never repeats the line, which may be somebody's message.
fn counted(line: &[u8]) -> Result<Count, String> {
    let line = std::str::from_utf8(line).map_err(|_| "the line is not UTF-8".to_owned())?;
    let line = line.trim_start();
    // An array of one string would pass for the object, the way serde reads structs.
    if !line.starts_with('{') {
        return Err("expected {\"text\": \"…\"}".to_owned());
    }
    let line: Line<'_> = serde_json::from_str(line)
        .map_err(|error| format!("expected {{\"text\": \"…\"}}; fault at column {}", error.column()))?;
    Ok(Count::of(&line.text))
}

fn is_visible(c: char) -> bool {
    !c.is_control() && !c.is_whitespace() && c.escape_debug().count() == 1
}

#[cfg(test)]
mod tests;
