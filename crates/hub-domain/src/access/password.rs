//! What a password may be: long enough and not one that is tried first. No rules of composition.

use thiserror::Error;

/// Fewer characters can be guessed.
pub const SHORTEST_PASSWORD: usize = 12;
/// More is no person's password; hashing it would only cost time.
pub const LONGEST_PASSWORD: usize = 256;

/// Passwords of the allowed length that are tried first, in lower case and without digits at their end.
const COMMON: &str = include_str!("common_passwords.txt");

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasswordProblem {
    /// Shorter than [`SHORTEST_PASSWORD`].
    #[error("shorter than {SHORTEST_PASSWORD} characters")]
    TooShort,
    /// Longer than [`LONGEST_PASSWORD`].
    #[error("longer than {LONGEST_PASSWORD} characters")]
    TooLong,
    /// Among those that are tried first.
    #[error("one of the passwords that are tried first")]
    Common,
}

/// Whether a person called `name` may have this password. Any character is welcome, spaces too.
pub fn check_password(name: &str, password: &str) -> Result<(), PasswordProblem> {
    let chars = password.chars().count();
    if chars < SHORTEST_PASSWORD {
        return Err(PasswordProblem::TooShort);
    }
    if chars > LONGEST_PASSWORD {
        return Err(PasswordProblem::TooLong);
    }
    if is_common(name, password) { Err(PasswordProblem::Common) } else { Ok(()) }
}

fn is_common(name: &str, password: &str) -> bool {
    let plain: String = password.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    let name: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    // Digits alone, or around the name, are guessed in no time.
    let word = stem.trim_start_matches(|c: char| c.is_ascii_digit());
    word.is_empty()
        || word == name
        || repeats(&plain)
        || COMMON.lines().any(|common| !common.is_empty() && (common == stem || common == plain))
}

/// Up to four characters over and over: `abcabcabcabc`.
fn repeats(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| {
        chars.len() > period && chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b)
    })
}
