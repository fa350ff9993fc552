//! Styles, scripts and icons: embedded in the shipped binary, read from the folder in development builds.
//!
//! Pages name each file with the hash of its content, so a browser keeps it for good and a new release is seen
//! at once.

use axum::{
    extract::{Path, RawQuery},
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::app::auth::hex;

#[derive(RustEmbed)]
#[folder = "assets/"]
#[allow_missing = true]
struct Assets;

/// The address of a file as pages name it.
pub(crate) fn url(name: &str) -> String {
    match Assets::get(name) {
        Some(file) => format!("/assets/{name}?v={}", version(&file)),
        None => format!("/assets/{name}"),
    }
}

pub(crate) async fn serve(Path(path): Path<String>, RawQuery(query): RawQuery) -> Response {
    let Some(file) = Assets::get(&path) else { return StatusCode::NOT_FOUND.into_response() };
    let kind = match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some(_) | None => "application/octet-stream",
    };
    let is_this_version = query.is_some_and(|query| query == format!("v={}", version(&file)));
    let caching = if is_this_version { "public, max-age=31536000, immutable" } else { "no-cache" };
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, caching)], file.data.into_owned()).into_response()
}

fn version(file: &EmbeddedFile) -> String {
    hex(file.metadata.sha256_hash().first_chunk::<6>().unwrap_or(&[0; 6]))
}
