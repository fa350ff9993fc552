//! Twilio's words for the error codes of messages.

/// The text beside `error_code`.
pub(crate) const fn error_message(code: u32) -> &'static str {
    match code {
        21610 => "Attempt to send to unsubscribed recipient",
        30001 => "Queue overflow",
        30002 => "Account suspended",
        30003 => "Unreachable destination handset",
        30004 => "Message blocked",
        30005 => "Unknown destination handset",
        30006 => "Landline or unreachable carrier",
        30007 => "Message filtered",
        30017 => "Carrier network congestion",
        30018 => "Destination carrier requires sender ID pre-registration",
        30036 => "Validity period expired",
        30410 => "Provider timeout",
        30500 => "Provider internal error",
        63003 => "Channel could not find To address",
        63013 => "Channel policy violation",
        63015 => "Channel Sandbox can only send messages to phone numbers that have joined the Sandbox",
        63016 => "Failed to send freeform message because you are outside the allowed window",
        63018 => "Rate limit exceeded for Channel",
        63024 => "Invalid message recipient",
        63027 => "Template does not exist for a language and locale",
        63028 => "Number of parameters provided does not match the expected number of parameters",
        63032 => "User has been blocked by the channel",
        63033 => "Recipient blocked to receive message",
        63038 => "Account exceeded the daily messages limit",
        // 30008 among them.
        _ => "Unknown error",
    }
}
