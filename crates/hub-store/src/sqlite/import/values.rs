//! Reading the original's values. Its columns have no strict types and its rows come from years of use, so
//! whatever can be read is taken.

use std::borrow::Cow;

use hub_domain::address::{Address, AddressError, AddressKind};
use jiff::{Timestamp, civil::DateTime, tz::Offset};
use rusqlite::{Connection, Params, Row, types::ValueRef};

/// Stands in for a party that isn't named at all.
const NOBODY: &str = "unknown";

/// Longest address, in bytes.
const ADDRESS_BYTES: usize = 255;

/// A text, whatever the column holds; `None` for NULL.
pub(super) fn text<'r>(row: &'r Row<'_>, column: usize) -> rusqlite::Result<Option<Cow<'r, str>>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string().into()),
        ValueRef::Real(number) => Some(number.to_string().into()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes)),
    })
}

/// A text without white space around it; `None` for NULL and for nothing but white space.
pub(super) fn word(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    Ok(text(row, column)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// A whole number, also one written as a text.
pub(super) fn whole(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<i64>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Integer(number) => Some(number),
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_) => {
            text(row, column)?.and_then(|text| text.trim().parse().ok())
        }
    })
}

/// A fraction, also one written as a text.
pub(super) fn fraction(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<f64>> {
    Ok(text(row, column)?.and_then(|text| text.trim().parse().ok()))
}

/// Words that switch off.
const OFF: [&str; 5] = ["0", "false", "off", "no", "nie"];

/// A switch: anything but 0, NULL, nothing and a word that says no is on.
pub(super) fn switch(row: &Row<'_>, column: usize) -> rusqlite::Result<bool> {
    Ok(text(row, column)?.is_some_and(|text| is_on(&text)))
}

pub(super) fn is_on(word: &str) -> bool {
    let word = word.trim().to_ascii_lowercase();
    !word.is_empty() && !OFF.contains(&word.as_str())
}

/// The number in the one row of a query.
pub(super) fn count(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<u64> {
    let count: i64 = connection.query_row(sql, params, |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// A moment; `None` for NULL and for what can't be read.
pub(super) fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(text(row, column)?.and_then(|text| parse_moment(&text)))
}

/// A moment as it is stored here.
pub(super) fn micros(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<i64>> {
    Ok(moment(row, column)?.map(Timestamp::as_microsecond))
}

/// `2025-01-02T03:04:05`, which means UTC, or the same with a zone.
pub(super) fn parse_moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    // A time without a zone would read one with a zone as well, and lose it.
    text.parse().ok().or_else(|| Offset::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok())
}

/// A party of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Party {
    pub(super) address: Address,
    /// `false`: what stood there can't be an address, and a stand-in is used.
    pub(super) readable: bool,
}

/// Reads a party, a number in whatever spelling; one that is missing or can't be an address becomes a stand-in.
pub(super) fn party(text: Option<&str>) -> Result<Party, AddressError> {
    let text = text.unwrap_or_default();
    match Address::from_provider(text) {
        Ok(address) => Ok(Party { address: respelled(&address).unwrap_or(address), readable: true }),
        Err(_) => Ok(Party { address: Address::from_provider(&legible(text))?, readable: false }),
    }
}

/// A number as Twilio writes it, where it was kept as somebody typed it; `None` for what is no number.
fn respelled(address: &Address) -> Option<Address> {
    match address.kind() {
        AddressKind::Phone | AddressKind::WhatsApp | AddressKind::ShortCode => None,
        AddressKind::Alphanumeric
        | AddressKind::WhatsAppScoped
        | AddressKind::Messenger
        | AddressKind::Rcs
        | AddressKind::Other => {
            let text = address.as_str();
            let prefixed = text.split_once(':').filter(|(prefix, _)| {
                prefix.eq_ignore_ascii_case("sms") || prefix.eq_ignore_ascii_case("mms")
            });
            Address::from_typed(prefixed.map_or(text, |(_, number)| number)).ok()
        }
    }
}

/// As much of a text as an address can hold.
fn legible(text: &str) -> String {
    let mut legible = String::new();
    for character in text.chars().filter(|c| !c.is_control()) {
        if legible.len() + character.len_utf8() > ADDRESS_BYTES {
            break;
        }
        legible.push(character);
    }
    if legible.trim().is_empty() { NOBODY.to_owned() } else { legible }
}

/// The same for the same parts in the same order, in every release: FNV-1a, 128 bits.
pub(super) fn fingerprint<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> [u8; 16] {
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    let mut take = |byte: u8| {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    };
    for part in parts {
        // The length keeps "ab" + "c" apart from "a" + "bc".
        u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes().into_iter().for_each(&mut take);
        part.iter().copied().for_each(&mut take);
    }
    hash.to_be_bytes()
}

#[cfg(test)]
mod tests;
