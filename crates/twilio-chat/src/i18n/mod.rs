//! Every text a person reads, in Polish and English. A key missing in either language does not compile.

use std::fmt::{self, Display, Write};

use hub_domain::access::PanelLanguage;
use serde::Serialize;

mod en;
mod pl;
mod reason;

pub use reason::{decision, reason};

/// A language of the panel and the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Polish.
    #[default]
    Pl,
    /// English.
    En,
}

impl Lang {
    /// Reads a POSIX locale such as `en_US.UTF-8`; everything but Polish and an unset locale is English.
    pub fn from_locale(locale: &str) -> Self {
        let language = locale.split(['_', '.', '-', '@']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "" | "pl" | "polish" | "c" | "posix" => Self::Pl,
            _ => Self::En,
        }
    }

    /// The language a person chose, or this one.
    #[must_use]
    pub const fn or_chosen(self, chosen: Option<PanelLanguage>) -> Self {
        match chosen {
            Some(PanelLanguage::Polish) => Self::Pl,
            Some(PanelLanguage::English) => Self::En,
            None => self,
        }
    }

    /// As the store keeps it.
    pub const fn chosen(self) -> PanelLanguage {
        match self {
            Self::Pl => PanelLanguage::Polish,
            Self::En => PanelLanguage::English,
        }
    }

    /// The code for `lang="…"`.
    pub const fn code(self) -> &'static str {
        self.pick("pl", "en")
    }

    /// The same of texts made while running.
    pub const fn pick_owned<'a>(self, polish: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Pl => polish,
            Self::En => english,
        }
    }

    /// The one of two texts that is in this language.
    pub const fn pick(self, polish: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Pl => polish,
            Self::En => english,
        }
    }
}

/// A text that stands beside what it describes (in a table) and so needs no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// In Polish.
    pub pl: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Text {
    /// The text in one language.
    pub const fn get(self, lang: Lang) -> &'static str {
        lang.pick(self.pl, self.en)
    }
}

/// The form of a noun that goes with a number: Polish has three, English two (`few` is not used).
pub const fn plural<'a>(lang: Lang, number: u64, one: &'a str, few: &'a str, many: &'a str) -> &'a str {
    match (lang, number, number % 10, number % 100) {
        (_, 1, ..) => one,
        (Lang::Pl, _, _, 12..=14) | (Lang::En, ..) => many,
        (Lang::Pl, _, 2..=4, _) => few,
        (Lang::Pl, ..) => many,
    }
}

/// A text by its key: `t!(lang, "config.unknown")` is a `&'static str`; with values for its `{names}`,
/// `t!(lang, "config.place.dotenv", line = 4)`, a `String`.
///
/// An unknown key is a compile error:
///
/// ```compile_fail
/// twilio_chat::t!(twilio_chat::i18n::Lang::Pl, "no.such.key");
/// ```
#[macro_export]
macro_rules! t {
    ($lang:expr, $key:literal) => {
        $lang.pick(const { $crate::i18n::polish($key) }, const { $crate::i18n::english($key) })
    };
    ($lang:expr, $key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::filled($crate::t!($lang, $key), &[$((stringify!($name), &$value)),+])
    };
}

/// A key and its text.
type Entry = (&'static str, &'static str);

#[doc(hidden)]
pub const fn polish(key: &str) -> &'static str {
    find(pl::AREAS, key)
}

#[doc(hidden)]
pub const fn english(key: &str) -> &'static str {
    find(en::AREAS, key)
}

#[doc(hidden)]
pub fn filled(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    // Writing to a String cannot fail, short of a Display that lies.
    let _ = fill(&mut filled, text, values);
    filled
}

fn fill(out: &mut String, text: &str, values: &[(&str, &dyn Display)]) -> fmt::Result {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let placed = after.split_once('}').and_then(|(name, after)| {
            let value = values.iter().find(|(known, _)| *known == name)?;
            Some((value.1, after))
        });
        if let Some((value, after)) = placed {
            write!(out, "{value}")?;
            rest = after;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    Ok(())
}

/// Runs in the compiler, so that a key nobody wrote a text for stops the build.
#[expect(clippy::indexing_slicing, reason = "a const fn has no iterators; every index is below its length")]
const fn find(areas: &[&[Entry]], key: &str) -> &'static str {
    let mut area = 0;
    while area < areas.len() {
        let mut at = 0;
        while at < areas[area].len() {
            let (known, text) = areas[area][at];
            if same(known.as_bytes(), key.as_bytes()) {
                return text;
            }
            at += 1;
        }
        area += 1;
    }
    panic!("no such text")
}

#[expect(clippy::indexing_slicing, reason = "a const fn has no iterators; the lengths are equal")]
const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while a.len() == b.len() && at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    a.len() == b.len()
}

#[cfg(test)]
mod tests;
