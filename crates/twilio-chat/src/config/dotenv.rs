//! Reads `.env` files the way python-dotenv does, so that files written for it keep working.
//!
//! Unlike the usual crates it keeps unquoted spaces, never expands `$`, and never repeats a value in an error:
//! a value may be a secret.

use std::iter;

/// One assignment.
#[derive(PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) value: String,
    /// Counted from 1.
    pub(super) line: usize,
}

/// A line that is no assignment. The name is known only where the line got that far.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) line: usize,
    pub(super) name: Option<String>,
    pub(super) fault: SyntaxFault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SyntaxFault {
    NotUtf8,
    NoEquals,
    BadName,
    UnclosedQuote,
    TextAfterQuote,
}

/// Reads a whole file: its assignments in order (duplicates included) and every fault.
pub(super) fn parse(file: &[u8]) -> (Vec<Entry>, Vec<SyntaxError>) {
    let text = match std::str::from_utf8(file) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let before = file.iter().take(error.valid_up_to());
            let line = 1 + before.filter(|byte| **byte == b'\n').count();
            return (Vec::new(), vec![SyntaxError { line, name: None, fault: SyntaxFault::NotUtf8 }]);
        }
    };
    let (mut entries, mut errors) = (Vec::new(), Vec::new());
    let (mut rest, mut line) = (text, 1);
    while !rest.is_empty() {
        let (statement, after) = statement(rest);
        match statement {
            Statement::Blank => {}
            Statement::Assignment { name, value } => entries.push(Entry { name, value, line }),
            Statement::Fault { name, fault } => errors.push(SyntaxError { line, name, fault }),
        }
        line += rest.matches('\n').count() - after.matches('\n').count();
        rest = after;
    }
    (entries, errors)
}

enum Statement {
    Blank,
    Assignment { name: String, value: String },
    Fault { name: Option<String>, fault: SyntaxFault },
}

/// Reads the statement that `text` begins with and returns what follows it: a quoted value may span lines.
fn statement(text: &str) -> (Statement, &str) {
    let (first, next) = text.split_once('\n').unwrap_or((text, ""));
    let trimmed = first.trim();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return (Statement::Blank, next);
    }
    let fault = |name, fault| (Statement::Fault { name, fault }, next);
    let Some((key, unquoted)) = first.split_once('=') else {
        return fault(None, SyntaxFault::NoEquals);
    };
    let name = without_export(key.trim());
    if !is_name(name) {
        return fault(None, SyntaxFault::BadName);
    }
    let name = name.to_owned();
    let value = text.split_once('=').map_or("", |(_, value)| value).trim_start_matches([' ', '\t']);
    let quote = value.chars().next().filter(|first| matches!(first, '\'' | '"'));
    let Some(quote) = quote else {
        return (Statement::Assignment { name, value: before_comment(unquoted).trim().to_owned() }, next);
    };
    let Some((content, after)) = quoted(value, quote) else {
        return fault(Some(name), SyntaxFault::UnclosedQuote);
    };
    let (tail, next) = after.split_once('\n').unwrap_or((after, ""));
    if tail.trim().is_empty() || tail.trim_start().starts_with('#') {
        (Statement::Assignment { name, value: content }, next)
    } else {
        (Statement::Fault { name: Some(name), fault: SyntaxFault::TextAfterQuote }, next)
    }
}

fn without_export(key: &str) -> &str {
    let exported = key.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t']));
    exported.map_or(key, str::trim_start)
}

/// Strict, because a name is repeated in errors and a stray line may hold half a secret.
fn is_name(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// An unquoted value ends where white space and `#` follow each other; `a#b` is a value.
fn before_comment(value: &str) -> &str {
    let after_space = |at: usize| value.get(..at).is_some_and(|head| head.ends_with(char::is_whitespace));
    let comment = value.match_indices('#').map(|(at, _)| at).find(|at| after_space(*at));
    comment.and_then(|at| value.get(..at)).unwrap_or(value)
}

/// The content of a quoted value and the text after its closing quote.
fn quoted(value: &str, quote: char) -> Option<(String, &str)> {
    let mut content = String::new();
    let mut chars = value.chars();
    chars.next();
    loop {
        match chars.next()? {
            c if c == quote => return Some((content, chars.as_str())),
            '\\' => match (chars.next()?, quote) {
                (c @ ('\\' | '\''), _) | (c @ '"', '"') => content.push(c),
                ('n', '"') => content.push('\n'),
                ('r', '"') => content.push('\r'),
                ('t', '"') => content.push('\t'),
                (other, _) => content.extend(iter::once('\\').chain([other])),
            },
            c => content.push(c),
        }
    }
}

#[cfg(test)]
mod tests;
