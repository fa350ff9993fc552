//! Reading a webhook: its kind, size, form and signature, in this order, before anything is believed.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{Method, StatusCode, header::CONTENT_TYPE},
};
use http_body_util::{BodyExt, Limited};
use hub_clients::twilio::{SignatureError, SignedBody, form};

use super::Door;

/// Largest body taken. Twilio's own are a few KiB.
const MAX_BODY: usize = 64 * 1024;
/// Twilio gives us 15 s in all; who needs longer to send a few KiB is not Twilio.
const BODY_WAIT: Duration = Duration::from_secs(10);
const FORM: &str = "application/x-www-form-urlencoded";
const SIGNATURE: &str = "x-twilio-signature";

/// A webhook whose origin is proven (or not asked for).
#[derive(Debug)]
pub(super) struct Webhook {
    /// Its fields in order, blanks and duplicates included.
    pub(super) fields: Vec<(String, String)>,
    /// The query of the address it came to, as received.
    pub(super) query: Option<String>,
}

/// Why a webhook is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No account is set up.
    NotSetUp,
    /// Neither a form nor a GET.
    ContentType,
    /// Over [`MAX_BODY`].
    TooLarge,
    /// The body did not come in time or broke off.
    Incomplete,
    /// Not a form.
    Malformed,
    /// Missing or wrong signature.
    Unproven,
}

impl Refusal {
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::NotSetUp => StatusCode::SERVICE_UNAVAILABLE,
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Incomplete => StatusCode::REQUEST_TIMEOUT,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Unproven => StatusCode::FORBIDDEN,
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::NotSetUp => "Twilio is not set up here yet",
            Self::ContentType => "Expected application/x-www-form-urlencoded",
            Self::TooLarge => "Body over 64 KiB",
            Self::Incomplete => "Incomplete body",
            Self::Malformed => "Malformed form",
            Self::Unproven => "Forbidden",
        }
    }
}

/// Reads and proves a webhook; logs why not.
pub(super) async fn read<R>(door: &Door<R>, request: Request) -> Result<Webhook, Refusal> {
    let path = request.uri().path().to_owned();
    let result = prove(door, request).await;
    if let Err(refusal) = &result {
        tracing::warn!(
            http.path = path, http.status = refusal.status().as_u16(), reason = ?refusal,
            "Webhook refused: {}", refusal.words()
        );
    }
    result
}

async fn prove<R>(door: &Door<R>, request: Request) -> Result<Webhook, Refusal> {
    if !door.open {
        return Err(Refusal::NotSetUp);
    }
    let (head, body) = request.into_parts();
    // The target as it came on the wire: a URL written anew would not be the one that was signed.
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let query = head.uri.query().map(str::to_owned);
    let is_get = head.method == Method::GET;
    let fields = if is_get {
        form::parse(query.as_deref().unwrap_or_default().as_bytes()).map_err(|_| Refusal::Malformed)?
    } else {
        let kind = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_some_and(is_form) {
            return Err(Refusal::ContentType);
        }
        form::parse(&collect(body).await?).map_err(|_| Refusal::Malformed)?
    };
    if let Some(check) = &door.signature {
        let signature = head.headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
        let signed = if is_get { SignedBody::None } else { SignedBody::Form(&fields) };
        check.verify(target, signed, signature).map_err(|error| {
            if let SignatureError::Mismatch { signed_url } = &error {
                tracing::warn!(
                    signed_url,
                    "the signature does not fit this URL: it must be the one configured at Twilio \
                     (PUBLIC_BASE_URL and the path), and the auth token the account's primary one"
                );
            }
            Refusal::Unproven
        })?;
    }
    Ok(Webhook { fields, query })
}

fn is_form(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case(FORM)
}

async fn collect(body: Body) -> Result<Bytes, Refusal> {
    let read = tokio::time::timeout(BODY_WAIT, Limited::new(body, MAX_BODY).collect()).await;
    match read {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(Refusal::TooLarge),
        Ok(Err(_)) | Err(_) => Err(Refusal::Incomplete),
    }
}

/// Fields taken out by name; what is left is kept too.
#[derive(Debug)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// Takes the value of `name`. Two different values are an error: which one Twilio means can't be known.
    pub(super) fn take(&mut self, name: &'static str) -> Result<Option<String>, Ambiguous> {
        let mut found: Option<String> = None;
        let mut ambiguous = false;
        self.0.retain_mut(|(key, value)| {
            if key != name {
                return true;
            }
            match &found {
                Some(first) => ambiguous |= first != value,
                None => found = Some(std::mem::take(value)),
            }
            false
        });
        if ambiguous { Err(Ambiguous(name)) } else { Ok(found) }
    }

    /// What was not taken and is not empty.
    pub(super) fn rest(self) -> Vec<(String, String)> {
        self.0.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// A field that came twice with different values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ambiguous(pub(super) &'static str);
