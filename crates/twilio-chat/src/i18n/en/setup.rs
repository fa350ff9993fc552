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
        "Send a test text to your own phone: on the Home page, under “Quick message”, or by twilio-chat send --to +48… --body \"Test\".",
    ),
    ("setup.keys", "Twilio takes our keys"),
    (
        "setup.keys.refused",
        "Twilio refuses the keys. Check the account SID and the token (or the API key) in the settings, on the page Keys.",
    ),
    (
        "setup.keys.silent",
        "Twilio does not answer. Check this server's connection to the internet; we try again shortly.",
    ),
    (
        "setup.keys.todo",
        "Enter the account SID, the token and a number (or a Messaging Service) in the settings, on the page Keys: they take effect at once. Or put them into the file .env (see .env.example) and start the program again. Just trying it out needs no account: twilio-chat serve --demo.",
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
