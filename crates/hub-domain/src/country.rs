//! Countries by their calling codes: who may be answered by machine.

use crate::address::{Address, AddressKind};

/// ISO 3166 codes and calling codes, by calling code; a longer code goes before one it begins with.
const CODES: [(&str, &str); 62] = [
    ("EE", "372"),
    ("LV", "371"),
    ("LT", "370"),
    ("MD", "373"),
    ("AM", "374"),
    ("BY", "375"),
    ("AD", "376"),
    ("MC", "377"),
    ("SM", "378"),
    ("UA", "380"),
    ("RS", "381"),
    ("ME", "382"),
    ("XK", "383"),
    ("HR", "385"),
    ("SI", "386"),
    ("BA", "387"),
    ("MK", "389"),
    ("GI", "350"),
    ("PT", "351"),
    ("LU", "352"),
    ("IE", "353"),
    ("IS", "354"),
    ("AL", "355"),
    ("MT", "356"),
    ("CY", "357"),
    ("FI", "358"),
    ("BG", "359"),
    ("CZ", "420"),
    ("SK", "421"),
    ("LI", "423"),
    ("IL", "972"),
    ("AE", "971"),
    ("GE", "995"),
    ("KZ", "77"),
    ("US", "1"),
    ("CA", "1"),
    ("RU", "7"),
    ("EG", "20"),
    ("ZA", "27"),
    ("GR", "30"),
    ("NL", "31"),
    ("BE", "32"),
    ("FR", "33"),
    ("ES", "34"),
    ("HU", "36"),
    ("IT", "39"),
    ("RO", "40"),
    ("CH", "41"),
    ("AT", "43"),
    ("GB", "44"),
    ("DK", "45"),
    ("SE", "46"),
    ("NO", "47"),
    ("PL", "48"),
    ("DE", "49"),
    ("MX", "52"),
    ("BR", "55"),
    ("AU", "61"),
    ("NZ", "64"),
    ("JP", "81"),
    ("CN", "86"),
    ("TR", "90"),
];

/// Whether the address is in one of the countries, given as ISO codes, calling codes or `*` for all.
pub fn is_in(address: &Address, countries: &[String]) -> bool {
    countries.iter().any(|country| country.trim() == "*" || matches(address, country.trim()))
}

/// Whether this is a country as [`is_in`] reads it.
pub fn is_known(country: &str) -> bool {
    country == "*" || calling_code(country).is_some()
}

fn matches(address: &Address, country: &str) -> bool {
    let Some(code) = calling_code(country) else { return false };
    if address.kind() == AddressKind::WhatsAppScoped {
        let home = address.as_str().rsplit(':').next().and_then(|id| id.get(..2)).unwrap_or_default();
        return CODES.iter().any(|(iso, known)| iso.eq_ignore_ascii_case(home) && *known == code);
    }
    let Some(digits) = address.phone().and_then(|phone| phone.strip_prefix('+')) else { return false };
    if !digits.starts_with(code) {
        return false;
    }
    // `+7` is Russia, but `+77` is not.
    !CODES
        .iter()
        .any(|(_, known)| known.len() > code.len() && known.starts_with(code) && digits.starts_with(known))
}

fn calling_code(country: &str) -> Option<&str> {
    let digits = country.strip_prefix('+').unwrap_or(country);
    if (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(digits);
    }
    CODES.iter().find(|(iso, _)| iso.eq_ignore_ascii_case(country)).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_belongs_to_the_country_of_its_code() {
        for (address, countries, expect) in [
            ("+48500100200", "PL", true),
            ("+48500100200", "pl", true),
            ("+48500100200", "+48", true),
            ("+48500100200", "DE,48", true),
            ("+48500100200", "DE", false),
            ("+48500100200", "", false),
            ("+48500100200", "*", true),
            ("whatsapp:+48500100200", "PL", true),
            ("whatsapp:PL.abc1", "PL", true),
            ("whatsapp:UA.abc1", "PL", false),
            ("whatsapp:UA.abc1", "UA", true),
            ("+380501002003", "UA", true),
            ("+15005550006", "US", true),
            ("+77011002003", "RU", false),
            ("+79011002003", "RU", true),
            ("MojBank", "PL", false),
            ("MojBank", "*", true),
            ("+48500100200", "Polska", false),
        ] {
            let list: Vec<String> = countries.split(',').map(str::to_owned).collect();
            assert_eq!(
                is_in(&Address::from_provider(address).unwrap(), &list),
                expect,
                "{address} {countries}"
            );
        }
        assert!(is_known("PL") && is_known("+48") && is_known("*") && !is_known("Polska") && !is_known(""));
    }
}
