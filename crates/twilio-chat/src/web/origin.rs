//! Whether a request with a cookie comes from our own pages.

use axum::http::{HeaderMap, header::ORIGIN};

use super::Web;

/// Browsers say where a changing request comes from. `Sec-Fetch-Site` can't be set by scripts; `Origin` is
/// the older word for the same. A client that says neither is no browser, and has no cookie of ours either.
pub(super) fn is_own(web: &Web, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    text(ORIGIN.as_str()).is_none_or(|origin| web.settings.own_origins.iter().any(|own| own == origin))
}
