//! Reads the `<Message>` texts of a TwiML answer: just enough to send what a webhook asked Twilio to send.

/// The texts to send, in order; `None` when the document is not TwiML.
pub(crate) fn messages(document: &str) -> Option<Vec<String>> {
    if !document.contains("<Response") {
        return None;
    }
    let mut texts = Vec::new();
    for verb in ["Message", "Sms"] {
        let mut rest = document;
        while let Some((inner, after)) = element(rest, verb) {
            let text = element(inner, "Body").map_or(inner, |(body, _)| body);
            texts.push(unescape(without_tags(text).trim()));
            rest = after;
        }
    }
    Some(texts)
}

/// The inside of the first such element and what follows it.
fn element<'a>(document: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let mut from = document;
    loop {
        let (_, opened) = from.split_once(&format!("<{name}"))?;
        let (attributes, inside) = opened.split_once('>')?;
        if attributes.starts_with(|c: char| !c.is_whitespace() && c != '/') {
            // A longer name, such as <Messages>.
            from = opened;
        } else if attributes.ends_with('/') {
            return Some(("", inside));
        } else {
            return inside.split_once(&format!("</{name}>"));
        }
    }
}

fn without_tags(text: &str) -> String {
    let mut plain = String::new();
    for (position, piece) in text.split('<').enumerate() {
        plain.push_str(if position == 0 {
            piece
        } else {
            piece.split_once('>').map_or("", |(_, after)| after)
        });
    }
    plain
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        rest = after;
        if let Some((name, after)) = rest.split_once(';')
            && let Some(character) = entity(name)
        {
            plain.push(character);
            rest = after;
        } else {
            plain.push('&');
        }
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests;
