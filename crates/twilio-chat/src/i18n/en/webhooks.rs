//! The page of webhooks, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("webhooks.addresses", "Addresses for Twilio"),
    (
        "webhooks.addresses.about",
        "Twilio passes customers' messages and what becomes of ours to these addresses. They must stand at Twilio's to the letter: the signature covers the whole address.",
    ),
    ("webhooks.ask", "Ask Twilio"),
    ("webhooks.ask_again", "Check again"),
    ("webhooks.asking", "Asking Twilio what is set…"),
    ("webhooks.audit.set", "set a webhook at Twilio"),
    ("webhooks.by_hand", "set it in the console"),
    (
        "webhooks.by_hand.about",
        "This sender can't be set from here. In the Twilio console, at the WhatsApp sender (or the short code), enter the address for incoming messages above, with POST.",
    ),
    ("webhooks.copied", "Address copied."),
    ("webhooks.copy", "Copy"),
    ("webhooks.done.set", "Set. Customers' messages come here now."),
    ("webhooks.inbound", "Incoming messages"),
    (
        "webhooks.inbound.about",
        "In the Twilio console, at the number: “A message comes in”, method POST. At a Messaging Service: “Send a webhook”.",
    ),
    (
        "webhooks.no_account",
        "There is no Twilio account yet, so there is nothing to check. Enter the keys first:",
    ),
    (
        "webhooks.no_address",
        "This hub has no public address, so Twilio can't call it. Set PUBLIC_BASE_URL to the public https address of this server and start the program again.",
    ),
    ("webhooks.no_entrance", "This sender is no longer configured. Reload the page."),
    (
        "webhooks.not_kept",
        "Twilio took the change but still shows another address. Check the settings in the Twilio console.",
    ),
    (
        "webhooks.not_of_account",
        "This Twilio account does not have {name}. Check TWILIO_DEFAULT_FROM, TWILIO_MESSAGING_SERVICE_SID and whether the keys are of the same account.",
    ),
    ("webhooks.not_ours", "does not come here"),
    ("webhooks.now", "What is set at Twilio"),
    ("webhooks.number", "Number {number}"),
    ("webhooks.ours", "comes here"),
    ("webhooks.sender", "Sender {sender}"),
    ("webhooks.service", "Messaging Service {sid}"),
    ("webhooks.set", "Set at Twilio"),
    (
        "webhooks.set.sure",
        "{what}: set the address {address} at Twilio? What is set now is replaced and kept in the audit log.",
    ),
    ("webhooks.set_to.address", "Twilio posts to: {address}"),
    ("webhooks.set_to.application", "The TwiML application {sid} decides about messages."),
    (
        "webhooks.set_to.each_number",
        "Each number of this service has its own setting (“Defer to sender's webhook”).",
    ),
    ("webhooks.set_to.nothing", "Nothing is set: messages stay at Twilio."),
    ("webhooks.status", "Delivery statuses"),
    ("webhooks.status.about", "This one need not be entered anywhere: we pass it along with every message."),
    ("webhooks.title", "Webhooks"),
    ("webhooks.unknown", "not known"),
];
