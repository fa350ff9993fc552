//! The first steps, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("setup.account", "Account created"),
    ("setup.address", "The public address leads here"),
    (
        "setup.address.elsewhere",
        "Another program answers at {base}. Point that address (reverse proxy, tunnel) to this program's port.",
    ),
    (
        "setup.address.silent",
        "Nothing answers at {base}. Check DNS, the certificate, the firewall and the reverse proxy.",
    ),
    (
        "setup.address.todo",
        "Set PUBLIC_BASE_URL to this server's public https address and start the program again.",
    ),
    ("setup.complete", "All set. The hub works."),
    ("setup.first_in", "First text from a customer"),
    (
        "setup.first_in.todo",
        "In the settings, on the page Webhooks, click “Set at Twilio” (or set “A message comes in” of your number to {base}/twilio/inbound, POST, in the Twilio console), then text your number.",
    ),
    ("setup.first_out", "First text sent"),
    (
        "setup.first_out.todo",
        "Send a test text to your own phone: twilio-chat send --to +48… --body \"Test\".",
    ),
    ("setup.keys", "Twilio takes our keys"),
    (
        "setup.keys.refused",
        "Twilio refuses the keys. Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or the API key) and start the program again.",
    ),
    (
        "setup.keys.silent",
        "Twilio does not answer. Check this server's connection to the internet; we try again shortly.",
    ),
    (
        "setup.keys.todo",
        "Copy .env.example to .env, fill in TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_DEFAULT_FROM (or TWILIO_MESSAGING_SERVICE_SID) and start the program again. Just trying it out needs no account: twilio-chat serve --demo.",
    ),
    ("setup.look", "Look now"),
    ("setup.mode", "Decided what answers"),
    (
        "setup.mode.todo",
        "Switch the auto-reply or the AI on in their pages, or automation off with the switch at the top.",
    ),
    ("setup.state.done", "done:"),
    ("setup.state.fault", "to mend:"),
    ("setup.state.open", "to do:"),
    ("setup.title", "First steps"),
];
