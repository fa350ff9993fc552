//! Where a model lives, and how its service wants to be asked.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

/// Azure wants to know which version of its API is meant, except below `/v1`.
const AZURE_VERSION: &str = "2024-10-21";
const AZURE_HOSTS: [&str; 3] =
    [".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com"];
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A service and the key for it; the key goes nowhere else.
#[derive(Clone, Debug)]
pub struct ModelAccess {
    /// Such as `https://api.openai.com/v1`.
    pub base_url: String,
    /// Its key.
    pub api_key: SecretString,
}

/// The access as configured can't work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ModelAccessError {
    /// The base URL is no plain http(s) address.
    #[error(
        "the base URL of the model service must be http or https, with a host, without user, query and fragment"
    )]
    BaseUrl,
    /// The key holds characters that no header can carry.
    #[error("the key of the model service holds characters that cannot be sent")]
    Key,
}

/// The access, checked, with all that a request needs.
#[derive(Debug)]
pub(super) struct Door {
    base: String,
    pub(super) host: String,
    azure: bool,
    /// The key's header is marked sensitive: its `Debug` shows nothing.
    pub(super) headers: HeaderMap,
}

impl Door {
    pub(super) fn open(access: &ModelAccess) -> Result<Self, ModelAccessError> {
        let url = Url::parse(&access.base_url).map_err(|_| ModelAccessError::BaseUrl)?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        let host = url.host_str().filter(|_| plain).ok_or(ModelAccessError::BaseUrl)?.to_ascii_lowercase();
        let azure = AZURE_HOSTS.iter().any(|ending| host.ends_with(ending));
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { base, host, azure, headers: headers(&access.api_key, azure)? })
    }

    /// The address of a call about a model. On Azure a bare resource address gets the model's deployment.
    pub(super) fn url(&self, model: &str, call: &str) -> String {
        if !self.azure || self.base.ends_with("/v1") {
            return format!("{}/{call}", self.base);
        }
        let deployment = if self.base.contains("/deployments/") {
            self.base.clone()
        } else {
            let base = self.base.strip_suffix("/openai").unwrap_or(&self.base);
            let name: String = form_urlencoded::byte_serialize(model.as_bytes()).collect();
            format!("{base}/openai/deployments/{name}")
        };
        format!("{deployment}/{call}?api-version={AZURE_VERSION}")
    }

    /// The address of the list of models.
    pub(super) fn models_url(&self) -> String {
        if !self.azure || self.base.ends_with("/v1") {
            return format!("{}/models", self.base);
        }
        let base = self.base.split("/openai").next().unwrap_or(&self.base);
        format!("{base}/openai/models?api-version={AZURE_VERSION}")
    }
}

fn headers(key: &SecretString, azure: bool) -> Result<HeaderMap, ModelAccessError> {
    let key = key.expose_secret().trim();
    if key.is_empty() {
        return Err(ModelAccessError::Key);
    }
    let (name, value) = if azure {
        (HeaderName::from_static("api-key"), key.to_owned())
    } else {
        (AUTHORIZATION, format!("Bearer {key}"))
    };
    let mut value = HeaderValue::from_str(&value).map_err(|_| ModelAccessError::Key)?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(name, value), (ACCEPT, JSON), (CONTENT_TYPE, JSON)]))
}
