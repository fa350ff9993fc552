//! Configuration, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("config.problems.one", "The configuration has {count} error:"),
    ("config.problems.few", "The configuration has {count} errors:"),
    ("config.problems.many", "The configuration has {count} errors:"),
    ("config.problem", "{variable} ({place}): {what}"),
    ("config.problem.unnamed", "{place}: {what}"),
    ("config.place.environment", "environment"),
    ("config.place.dotenv", ".env file, line {line}"),
    ("config.place.panel", "panel setting"),
    ("config.place.default", "default value"),
    ("config.place.unset", "not set"),
    (
        "config.malformed",
        "the value has the wrong form. Expected: {expected}. Correct it, or remove this variable.",
    ),
    ("config.unknown", "no such name is known. Remove this line; all names are in .env.example."),
    (
        "config.unknown.nearest",
        "no such name is known. The nearest is {nearest}: correct the name, or remove this line.",
    ),
    ("config.syntax.not_utf8", "the file is not UTF-8. Save it in an editor with the encoding UTF-8."),
    ("config.syntax.no_equals", "there is no = sign. Expected: NAME=value; a comment begins with #."),
    (
        "config.syntax.bad_name",
        "there is no name before the = sign. Expected: NAME=value, the name of letters, digits and _.",
    ),
    (
        "config.syntax.unclosed_quote",
        "the quote that closes the value is missing. Add it, or remove the opening one.",
    ),
    (
        "config.syntax.text_after_quote",
        "text follows the quote that closes the value. Remove it, or put # before it.",
    ),
    (
        "config.missing.companion",
        "it is missing while {present} is set. Fill it in (console.twilio.com), or remove {present}.",
    ),
    (
        "config.missing.sender",
        "there is no number to send from. Set TWILIO_DEFAULT_FROM (a number such as +48500100200) or TWILIO_MESSAGING_SERVICE_SID.",
    ),
    (
        "config.missing.public_url",
        "without it Twilio's signatures cannot be checked. Set the public address of this program (https://…) or, for trials only, TWILIO_VALIDATE_SIGNATURE=false.",
    ),
    (
        "config.missing.signing_token",
        "Twilio's signatures are checked with the auth token only, not with an API key. Set the account's auth token or, for trials only, TWILIO_VALIDATE_SIGNATURE=false.",
    ),
    (
        "config.conflict.unsigned_production",
        "with APP_ENV=production signatures must be checked. Set TWILIO_VALIDATE_SIGNATURE=true or another APP_ENV.",
    ),
    ("config.conflict.overlap", "it must be less than CHUNK_SIZE. Make it smaller, or CHUNK_SIZE larger."),
    (
        "config.retired",
        "Names of the program's earlier version, without effect now (they can be removed from .env): {names}",
    ),
    ("config.expected.text", "text"),
    ("config.expected.secret", "text without spaces"),
    ("config.expected.long_secret", "at least {min} characters, without spaces"),
    ("config.expected.word", "one word, such as dev or production"),
    ("config.expected.flag", "true or false"),
    ("config.expected.whole", "a whole number from {min} to {max}"),
    ("config.expected.amount", "an amount such as 0.16, with six decimals at most"),
    ("config.expected.temperature", "a number from 0 to 2, such as 0.7"),
    (
        "config.expected.countries",
        "country codes separated by commas, such as PL, DE or +48; * is all of them",
    ),
    ("config.expected.one_of", "one of: {words}"),
    (
        "config.expected.public_url",
        "an http:// or https:// address without ? and #, such as https://sms.example.com",
    ),
    ("config.expected.service_url", "an http:// or https:// address without user, ? and #"),
    ("config.expected.sid", "{prefix} and 32 characters 0-9, a-f"),
    ("config.expected.zone", "the name of a zone, such as Europe/Warsaw"),
    ("config.expected.path", "a path; a relative one starts from the working directory"),
    ("config.expected.host", "an IP address, such as 0.0.0.0 or 127.0.0.1"),
    (
        "config.expected.proxies",
        "IP addresses or networks separated by commas, such as 127.0.0.1, 10.0.0.0/8",
    ),
    (
        "config.expected.sender",
        "a number (+48500100200), a short code, a name of up to 11 characters or whatsapp:+48500100200",
    ),
    (
        "config.expected.rates",
        "senders with their segments a second separated by commas, such as +48500100200=10, MG…=100",
    ),
    ("config.expected.phone", "a phone number, such as +48500100200"),
    ("config.show.source.environment", "environment"),
    ("config.show.source.dotenv", ".env, line {line}"),
    ("config.show.source.panel", "panel"),
    ("config.show.source.default", "default"),
    ("config.show.source.demo", "demo"),
    ("config.show.unset", "(empty)"),
    ("config.show.hints", "Hints"),
    (
        "config.hint.only_first_key",
        "OPENAI_API_KEY is set and SECOND_OPENAI is not: conversations use AI, the knowledge base works without a model. Neither key stands in for the other.",
    ),
    (
        "config.hint.only_second_key",
        "SECOND_OPENAI is set and OPENAI_API_KEY is not: the knowledge base uses a model, in conversations AI does not answer. Neither key stands in for the other.",
    ),
    (
        "config.hint.unconfigured",
        "There are no credentials of a Twilio account: sending is held, webhooks refuse.",
    ),
    (
        "config.hint.signatures_off",
        "The signatures of webhooks are not checked: whoever knows the address can pose as Twilio.",
    ),
];
