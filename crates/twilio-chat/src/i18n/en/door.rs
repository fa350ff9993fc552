//! Signing in, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    (
        "door.demo.about",
        "The demo has no passwords: come in by the link the program printed at start. It works once, for 30 minutes; start the program again for a new one.",
    ),
    ("door.enter", "Sign in"),
    (
        "door.first.about",
        "This is the first account and it will be an administrator. Add others in the settings.",
    ),
    ("door.first.make", "Create the account and enter"),
    ("door.first.title", "Create the first account"),
    ("door.help", "Can't get in?"),
    (
        "door.help.about",
        "An administrator sets a new password for you in the settings. Whoever has access to the server comes in by the one-time link that the program prints at start, or sets a password with: twilio-chat user password NAME.",
    ),
    ("door.name", "User name"),
    (
        "door.new.about",
        "Nobody has an account here yet. Open the one-time link the program printed at start (valid 30 minutes; start it again for a new one) and create the first.",
    ),
    ("door.new.title", "Welcome to Twilio Chat"),
    ("door.password", "Password"),
    (
        "door.refused.common",
        "This password is too easy to guess. Choose another, for example a few unrelated words.",
    ),
    (
        "door.refused.last_admin",
        "At least one administrator has to be able to get in. Add another one first.",
    ),
    (
        "door.refused.link",
        "This link is unknown, used or out of date. Start the program again for a new one.",
    ),
    ("door.refused.long", "The password may have at most {most} characters."),
    ("door.refused.name", "The name takes 1 to 64 characters without spaces. An e-mail address will do."),
    ("door.refused.name_taken", "Somebody has this name already. Choose another."),
    ("door.refused.present", "The present password is wrong."),
    ("door.refused.short", "The password needs at least {least} characters."),
    (
        "door.refused.too_many",
        "Too many tries. Wait a minute and try again; the one-time link from the program's start always works.",
    ),
    ("door.refused.unknown", "There is no such person any more. Reload the page."),
    ("door.refused.wrong", "The name or the password is wrong."),
    (
        "door.rule",
        "At least {least} characters. A sentence with spaces will do; password managers are welcome.",
    ),
    ("door.sign_in", "Sign in"),
];
