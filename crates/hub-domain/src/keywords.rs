//! Words by which a person stops, resumes or asks about our messages.
//!
//! A word counts only when it is the whole message: in the middle of a sentence it is ordinary talk. Twilio
//! answers its own English words; nobody but us knows the Polish ones, so those get a confirmation.
//! Left out on purpose, because people say them about other things: NIE, TAK, KONIEC, ODWOŁUJĘ, ANULUJ.

/// What the person asks for, and in which language: it decides who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// No more messages.
    Stop(Language),
    /// Messages again.
    Start(Language),
    /// What is this, how do I stop it.
    Help(Language),
}

/// Whose word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Twilio's own list; Twilio answers it.
    English,
    /// Ours; Twilio takes it for an ordinary message.
    Polish,
}

/// What Twilio's Advanced Opt-Out made of a message. When present it outranks our reading of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OptOutType {
    /// The person opted out.
    Stop,
    /// The person opted in.
    Start,
    /// The person asked for help.
    Help,
}

impl OptOutType {
    /// Reads the parameter of the webhook.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [("STOP", Self::Stop), ("START", Self::Start), ("HELP", Self::Help)];
        all.into_iter().find_map(|(name, kind)| word.trim().eq_ignore_ascii_case(name).then_some(kind))
    }
}

impl Keyword {
    /// The request, whatever the language.
    pub const fn request(self) -> OptOutType {
        match self {
            Self::Stop(_) => OptOutType::Stop,
            Self::Start(_) => OptOutType::Start,
            Self::Help(_) => OptOutType::Help,
        }
    }

    /// The language it was said in.
    pub const fn language(self) -> Language {
        match self {
            Self::Stop(language) | Self::Start(language) | Self::Help(language) => language,
        }
    }
}

/// Finds the keyword a message consists of. Costs nothing for a long message and never allocates.
pub fn classify(body: &str) -> Option<Keyword> {
    let mut plain = [0; LONGEST];
    let length = fold(body, &mut plain)?;
    let text = str::from_utf8(plain.get(..length)?).ok()?;
    let lists: [(&[&str], Keyword); 6] = [
        (&STOP_ENGLISH, Keyword::Stop(Language::English)),
        (&START_ENGLISH, Keyword::Start(Language::English)),
        (&HELP_ENGLISH, Keyword::Help(Language::English)),
        (&STOP_POLISH, Keyword::Stop(Language::Polish)),
        (&START_POLISH, Keyword::Start(Language::Polish)),
        (&HELP_POLISH, Keyword::Help(Language::Polish)),
    ];
    lists.into_iter().find_map(|(words, keyword)| words.binary_search(&text).is_ok().then_some(keyword))
}

/// What we answer to a Polish word that stops messages. Plain letters keep it one segment.
pub const fn stop_confirmation() -> &'static str {
    "OK, nie bedziemy juz wysylac wiadomosci na ten numer. Aby je wznowic, odpisz WZNOW."
}

/// What we answer to a Polish word that resumes messages.
pub const fn start_confirmation() -> &'static str {
    "OK, znow bedziemy wysylac wiadomosci na ten numer. Aby zrezygnowac, odpisz WYPISZ."
}

// The lists are folded (lower case, no diacritics, single spaces) and sorted.

const STOP_ENGLISH: [&str; 8] =
    ["cancel", "end", "optout", "quit", "revoke", "stop", "stopall", "unsubscribe"];
const START_ENGLISH: [&str; 3] = ["start", "unstop", "yes"];
const HELP_ENGLISH: [&str; 2] = ["help", "info"];

const STOP_POLISH: [&str; 64] = [
    "anuluj subskrypcje",
    "chce sie wypisac",
    "cofam zgode",
    "nie chce sms",
    "nie chce smsow",
    "nie chce wiadomosci",
    "nie chce wiecej sms",
    "nie chce wiecej smsow",
    "nie chce wiecej wiadomosci",
    "nie pisac",
    "nie pisz",
    "nie pisz do mnie",
    "nie pisz do mnie wiecej",
    "nie pisz wiecej",
    "nie piszcie",
    "nie piszcie do mnie",
    "nie piszcie do mnie wiecej",
    "nie piszcie wiecej",
    "nie wysylac",
    "nie wysylaj",
    "nie wysylaj sms",
    "nie wysylaj wiadomosci",
    "nie wysylaj wiecej",
    "nie wysylajcie",
    "nie wysylajcie sms",
    "nie wysylajcie wiadomosci",
    "nie wysylajcie wiecej",
    "nie zycze sobie sms",
    "nie zycze sobie wiadomosci",
    "odwoluje zgode",
    "prosze mnie wypisac",
    "prosze nie pisac",
    "prosze nie wysylac",
    "prosze nie wysylac sms",
    "prosze o wypisanie",
    "przestan pisac",
    "przestan wysylac",
    "przestancie pisac",
    "przestancie wysylac",
    "rezygnacja",
    "rezygnacja z sms",
    "rezygnuje",
    "rezygnuje z sms",
    "rezygnuje z smsow",
    "rezygnuje z subskrypcji",
    "rezygnuje z wiadomosci",
    "rezygnujemy",
    "stop sms",
    "usun mnie",
    "usun mnie z listy",
    "usun moj numer",
    "usuncie mnie",
    "wycofuje zgode",
    "wypisac",
    "wypisanie",
    "wypisuje sie",
    "wypisz",
    "wypisz mnie",
    "wypisz mnie z listy",
    "wypiszcie",
    "wypiszcie mnie",
    "wyrejestruj",
    "wyrejestruj mnie",
    "zatrzymaj",
];
const START_POLISH: [&str; 12] = [
    "chce otrzymywac sms",
    "wznawiam",
    "wznow",
    "wznow sms",
    "wznow wiadomosci",
    "wznowcie",
    "wznowic",
    "wznowienie",
    "zapisuje sie",
    "zapisz",
    "zapisz mnie",
    "zapiszcie mnie",
];
const HELP_POLISH: [&str; 5] = ["jak sie wypisac", "jak zrezygnowac", "pomoc", "pomocy", "potrzebuje pomocy"];

/// Room for the longest entry of the lists.
const LONGEST: usize = 26;

/// Writes the message into `plain` in the form of the lists, without what stands around the words; `None` as
/// soon as it cannot be any of them.
fn fold(body: &str, plain: &mut [u8; LONGEST]) -> Option<usize> {
    let mut length = 0;
    let mut gap = false;
    for character in body.trim_matches(|c: char| !c.is_alphanumeric()).chars() {
        // The accent of a letter written in two parts; the hyphen of "SMS-ów".
        if matches!(character, '\u{300}'..='\u{36f}' | '-') {
            continue;
        }
        if !character.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap {
            *plain.get_mut(length)? = b' ';
            length += 1;
            gap = false;
        }
        *plain.get_mut(length)? = fold_letter(character)?;
        length += 1;
    }
    Some(length)
}

fn fold_letter(character: char) -> Option<u8> {
    let plain = match character {
        'ą' | 'Ą' => 'a',
        'ć' | 'Ć' => 'c',
        'ę' | 'Ę' => 'e',
        'ł' | 'Ł' => 'l',
        'ń' | 'Ń' => 'n',
        'ó' | 'Ó' => 'o',
        'ś' | 'Ś' => 's',
        'ź' | 'Ź' | 'ż' | 'Ż' => 'z',
        other => other.to_ascii_lowercase(),
    };
    plain.is_ascii().then(|| u8::try_from(plain).ok()).flatten()
}

#[cfg(test)]
mod tests;
