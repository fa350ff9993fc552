//! What Twilio checks in a create before it accepts it, with its codes.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::config::Service;
use crate::form::Form;
use crate::reply::Refusal;
use crate::state::State;

/// A create that passed.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) to: String,
    pub(crate) from: String,
    pub(crate) service_sid: Option<String>,
    pub(crate) body: String,
    pub(crate) media_urls: Vec<String>,
    pub(crate) status_callback: Option<String>,
    pub(crate) send_at: Option<Timestamp>,
    /// No template: WhatsApp takes it within 24 h of the person's last message only.
    pub(crate) is_free_form: bool,
    /// A template whose placeholders are not all filled: the channel refuses it later.
    pub(crate) is_unfilled: bool,
}

/// Checks the parameters in Twilio's order: receiver, sender, content, callback, schedule, opt-out.
pub(crate) fn check(form: &Form, state: &State, now: Timestamp) -> Result<Draft, Refusal> {
    let to = receiver(form)?;
    let (from, service) = sender(form, state, to)?;
    let (body, media_urls) = content(form, state)?;
    let is_free_form = form.filled("ContentSid").is_none();
    let status_callback = form.filled("StatusCallback");
    if let Some(url) = status_callback {
        callback_url(url)?;
    }
    let send_at = schedule(form, service, now)?;
    if state.opt_outs.blocks(&state.config, from, to) {
        return Err(Refusal::bad(21610, "Attempt to send to unsubscribed recipient"));
    }
    Ok(Draft {
        to: to.to_owned(),
        from: from.to_owned(),
        service_sid: service.map(|service| service.sid.clone()),
        is_unfilled: !is_free_form && body.contains("{{"),
        body,
        media_urls,
        status_callback: status_callback.map(str::to_owned),
        send_at,
        is_free_form,
    })
}

fn receiver(form: &Form) -> Result<&str, Refusal> {
    let to = form.filled("To").ok_or_else(|| Refusal::bad(21604, "A 'To' phone number is required."))?;
    // The magic numbers of Twilio's test credentials.
    match to {
        "+15005550001" => Err(Refusal::bad(21211, invalid("To", to))),
        "+15005550002" => Err(Refusal::bad(
            21612,
            format!("The 'To' phone number: {to}, is not currently reachable using the 'From' phone number."),
        )),
        "+15005550003" => Err(Refusal::bad(
            21408,
            format!(
                "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}."
            ),
        )),
        "+15005550004" => Err(Refusal::bad(21610, "Attempt to send to unsubscribed recipient")),
        "+15005550009" => {
            Err(Refusal::bad(21614, format!("'To' number: {to}, is not a valid mobile number")))
        }
        _ if is_e164(bare(to)) => Ok(to),
        _ => Err(Refusal::bad(21211, invalid("To", to))),
    }
}

fn sender<'a>(form: &'a Form, state: &'a State, to: &str) -> Result<(&'a str, Option<&'a Service>), Refusal> {
    let service = form.filled("MessagingServiceSid").map(|sid| service(state, sid)).transpose()?;
    let Some(from) = form.filled("From") else {
        let service = service.ok_or_else(|| Refusal::bad(21603, "A 'From' phone number is required."))?;
        return Ok((pool_sender(state, service, to)?, Some(service)));
    };
    match from {
        "+15005550001" => return Err(Refusal::bad(21212, invalid("From", from))),
        "+15005550008" => {
            return Err(Refusal::bad(
                21611,
                format!("This 'From' number {from} has exceeded the maximum number of queued messages"),
            ));
        }
        _ => {}
    }
    if !is_e164(bare(from)) && !is_short_code(from) && !is_name(from) {
        return Err(Refusal::bad(21212, invalid("From", from)));
    }
    if from == to {
        return Err(Refusal::bad(21266, "'To' and 'From' number cannot be the same"));
    }
    if is_whatsapp(from) != is_whatsapp(to) {
        return Err(Refusal::bad(
            21910,
            "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel",
        ));
    }
    if !state.config.owns(from) {
        return Err(if is_whatsapp(from) {
            Refusal::bad(63007, "Twilio could not find a Channel with the specified From address")
        } else {
            Refusal::bad(
                21606,
                format!(
                    "The 'From' phone number provided ({from}) is not a valid message-capable Twilio phone number for this destination."
                ),
            )
        });
    }
    Ok((from, service))
}

fn service<'a>(state: &'a State, sid: &str) -> Result<&'a Service, Refusal> {
    let mut services = state.config.messaging_services.iter();
    services
        .find(|service| service.sid == sid)
        .ok_or_else(|| Refusal::bad(21701, format!("The Messaging Service does not exist: {sid}")))
}

/// The sender this person wrote to last, else one that depends on nothing but the person.
fn pool_sender<'a>(state: &State, service: &'a Service, to: &str) -> Result<&'a str, Refusal> {
    let pool: Vec<&str> = service
        .numbers
        .iter()
        .map(String::as_str)
        .filter(|number| is_whatsapp(number) == is_whatsapp(to))
        .collect();
    let last_used = |number: &&str| state.last_inbound.get(&((*number).to_owned(), to.to_owned())).copied();
    let sticky = pool.iter().copied().filter(|number| last_used(number).is_some()).max_by_key(last_used);
    let spread = to.bytes().map(usize::from).sum::<usize>().checked_rem(pool.len());
    sticky.or_else(|| pool.get(spread?).copied()).ok_or_else(|| {
        Refusal::bad(21703, "The Messaging Service does not have a phone number available to send a message")
    })
}

fn content(form: &Form, state: &State) -> Result<(String, Vec<String>), Refusal> {
    if let Some(sid) = form.filled("ContentSid") {
        return Ok((rendered_template(form, state, sid)?, Vec::new()));
    }
    if form.filled("ContentVariables").is_some() {
        return Err(Refusal::bad(21654, "ContentSid Required"));
    }
    let media_urls: Vec<String> =
        form.all("MediaUrl").filter(|url| !url.is_empty()).map(str::to_owned).collect();
    let body = form.value("Body").unwrap_or_default();
    if body.is_empty() && media_urls.is_empty() {
        return Err(if form.value("Body").is_some() {
            Refusal::bad(21602, "Message body is required.")
        } else {
            Refusal::bad(21619, "A text message body or media urls must be specified.")
        });
    }
    if body.chars().count() > 1600 {
        return Err(Refusal::bad(21617, "The concatenated message body exceeds the 1600 character limit"));
    }
    if media_urls.len() > 10 {
        return Err(Refusal::bad(21623, "Number of media files exceeds allowed limit"));
    }
    if let Some(url) = media_urls.iter().find(|url| host(url).is_none()) {
        return Err(Refusal::bad(21620, format!("Invalid media URL(s): {url}")));
    }
    Ok((body.to_owned(), media_urls))
}

fn rendered_template(form: &Form, state: &State, sid: &str) -> Result<String, Refusal> {
    let template = state.config.templates.iter().find(|template| template.sid == sid);
    let template = template.ok_or_else(|| Refusal::bad(21655, format!("The ContentSid {sid} is Invalid")))?;
    let mut text = template.text.clone();
    let Some(variables) = form.filled("ContentVariables") else { return Ok(text) };
    let Ok(Value::Object(variables)) = serde_json::from_str(variables) else {
        return Err(Refusal::bad(21656, "The ContentVariables Parameter is invalid"));
    };
    for (name, value) in &variables {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text = text.replace(&format!("{{{{{name}}}}}"), &value);
    }
    Ok(text)
}

fn callback_url(url: &str) -> Result<(), Refusal> {
    match host(url) {
        Some(host) if !host.contains('_') => Ok(()),
        _ => Err(Refusal::bad(21609, format!("The 'StatusCallback' URL {url} is not a valid URL."))),
    }
}

fn schedule(form: &Form, service: Option<&Service>, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    if form.filled("ScheduleType").is_none() {
        return Ok(None);
    }
    let send_at = form.filled("SendAt").ok_or_else(|| Refusal::bad(35111, "SendAt cannot be empty"))?;
    if service.is_none() {
        return Err(Refusal::bad(35118, "MessagingServiceSid is required to schedule a message"));
    }
    let refused = || Refusal::bad(35114, "SendAt time must be between 300 seconds and 35 days in the future");
    let send_at: Timestamp = send_at.parse().map_err(|_| refused())?;
    let ahead = send_at.duration_since(now);
    let is_allowed = ahead >= SignedDuration::from_secs(300) && ahead <= SignedDuration::from_hours(35 * 24);
    if is_allowed { Ok(Some(send_at)) } else { Err(refused()) }
}

fn invalid(name: &str, value: &str) -> String {
    format!("Invalid '{name}' Phone Number: {value}")
}

/// An address that webhooks can be posted to.
pub(crate) fn is_web_address(url: &str) -> bool {
    host(url).is_some()
}

/// The host of an http(s) URL.
fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next()?;
    (!host.is_empty() && !url.contains(char::is_whitespace)).then_some(host)
}

fn is_whatsapp(address: &str) -> bool {
    address.starts_with("whatsapp:")
}

fn bare(address: &str) -> &str {
    address.strip_prefix("whatsapp:").unwrap_or(address)
}

fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_short_code(sender: &str) -> bool {
    (3..=6).contains(&sender.len()) && sender.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(sender: &str) -> bool {
    sender.len() <= 11
        && sender.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
        && sender.bytes().any(|byte| byte.is_ascii_alphabetic())
}
