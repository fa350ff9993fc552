//! Command line, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("cli.segments.one", "segment"),
    ("cli.segments.few", "segments"),
    ("cli.segments.many", "segments"),
    ("cli.segments.line", "{encoding}: {units} units, {segments} {noun}"),
    ("cli.segments.forced", "UCS-2 is forced by: {characters}"),
    ("cli.serve.started", "Twilio Chat is running: {url}"),
    ("cli.serve.sign_in", "Sign in with this one-time link (valid 30 minutes): {url}"),
    ("cli.serve.phone", "Virtual phone: {url}"),
    ("cli.serve.curl", "API: curl -H 'Authorization: Bearer {token}' {url}/api/messages"),
    (
        "cli.serve.demo",
        "Demo: the Twilio account is simulated, data in {folder}. Nothing leaves this machine.",
    ),
    (
        "cli.serve.unconfigured",
        "No Twilio account: the panel shows what to set; webhooks answer 503, sending is held. Demo: twilio-chat serve --demo",
    ),
    (
        "cli.serve.port_taken",
        "Port {port} is taken by another program. Stop it or set another APP_PORT (0 picks a free one).",
    ),
    ("cli.serve.no_listen", "Can't listen on {address}: {error}"),
    ("cli.serve.locked", "Another twilio-chat process works on the data in {folder}. Stop it first."),
    (
        "cli.serve.unsigned",
        "WARNING: Twilio's signatures are not checked (TWILIO_VALIDATE_SIGNATURE=false). Anyone can pose as a customer.",
    ),
    (
        "cli.serve.insecure_cookie",
        "WARNING: the panel runs without https: the session cookie is not protected on the way. Set PUBLIC_BASE_URL to an https address.",
    ),
    ("cli.serve.stopped", "Stopped."),
    ("cli.folder.not_writable", "Can't write to the folder {folder} ({error}). To mend it: {command}"),
    (
        "cli.store.foreign",
        "{path} is another program's database and is left alone. Name another file in DB_PATH.",
    ),
    ("cli.store.newer", "{path} was written by a newer release. Update twilio-chat."),
    ("cli.store.fault", "Can't open the database {path}: {error}"),
    ("cli.dotenv.unreadable", "Can't read .env: {error}"),
    ("cli.send.done", "✅ Message sent. SID={sid}, Status={status}"),
    (
        "cli.send.open",
        "⏳ The message is stored, but Twilio has not confirmed it yet (state: {status}). A running hub will finish it.",
    ),
    ("cli.send.failed", "❌ Error: {error}"),
    (
        "cli.send.unconfigured",
        "Twilio is not set up: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_DEFAULT_FROM (or TWILIO_MESSAGING_SERVICE_SID) in the environment or in .env.",
    ),
    (
        "cli.send.no_service",
        "--use-messaging-service was given, but TWILIO_MESSAGING_SERVICE_SID is not set.",
    ),
    ("cli.send.bad_number", "The recipient must be in E.164 form, e.g. +48500100200."),
    ("cli.segments.no_input", "Give a text or --batch FILE (- is standard input)."),
    ("cli.segments.unreadable", "Can't read {path}: {error}"),
];
