//! `GET /media/{message}/{position}`: an attachment from our disk, to a person or a program that may see it.
//!
//! What a stranger sent is never run: its type is ours, not theirs, and only pictures, sound and film of known
//! kinds are shown in a page.

use std::path::PathBuf;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{
        HeaderName, StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use futures_util::stream;
use hub_domain::media::{MediaKind, MediaLoss};
use tokio::{fs::File, io::AsyncReadExt as _};

use super::{Web, error::api_error};
use crate::{app::media::Shown, i18n::Lang, t};

/// Read and sent at once.
const PIECE: usize = 64 * 1024;

pub(crate) async fn show(State(web): State<Web>, Path((message, position)): Path<(i64, u32)>) -> Response {
    let lang = web.settings.lang;
    match web.app.media(message, position).await {
        Ok(Shown::File { path, kind }) => file(lang, path, kind, message, position).await,
        Ok(Shown::Waiting) => {
            let mut response = api_error(StatusCode::SERVICE_UNAVAILABLE, t!(lang, "media.waiting"));
            response.headers_mut().insert(RETRY_AFTER, 5.into());
            response
        }
        Ok(Shown::Lost(loss)) => api_error(StatusCode::GONE, loss_words(lang, loss)),
        Ok(Shown::None) => api_error(StatusCode::NOT_FOUND, t!(lang, "media.none")),
        Err(error) => {
            tracing::error!(%error, "an attachment could not be looked up");
            api_error(StatusCode::SERVICE_UNAVAILABLE, t!(lang, "api.store_fault"))
        }
    }
}

async fn file(lang: Lang, path: PathBuf, kind: MediaKind, message: i64, position: u32) -> Response {
    let opened = async {
        let file = File::open(&path).await?;
        let size = file.metadata().await?.len();
        Ok::<_, std::io::Error>((file, size))
    };
    match opened.await {
        Ok((file, size)) => (headers(kind, size, message, position), pieces(file)).into_response(),
        Err(error) => {
            tracing::error!(message.row = message, %error, "the file of an attachment can't be read");
            api_error(StatusCode::INTERNAL_SERVER_ERROR, t!(lang, "media.unreadable"))
        }
    }
}

fn headers(kind: MediaKind, size: u64, message: i64, position: u32) -> [(HeaderName, String); 4] {
    let place = if kind.is_shown_in_page() { "inline" } else { "attachment" };
    let name = format!("{message}-{}.{}", position + 1, kind.ending());
    let charset = if matches!(kind, MediaKind::Text | MediaKind::VCard) { "; charset=utf-8" } else { "" };
    [
        (CONTENT_TYPE, format!("{}{charset}", kind.mime())),
        (CONTENT_DISPOSITION, format!("{place}; filename=\"{name}\"")),
        (CONTENT_LENGTH, size.to_string()),
        // Its address always means the same bytes; the browser of a person who may see it keeps it.
        (CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
    ]
}

/// The file in pieces, each read when the one before has left.
fn pieces(file: File) -> Body {
    Body::from_stream(stream::unfold(Some(file), |file| async {
        let mut file = file?;
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(count) => {
                piece.truncate(count);
                Some((Ok(piece), Some(file)))
            }
            Err(error) => Some((Err(error), None)),
        }
    }))
}

fn loss_words(lang: Lang, loss: MediaLoss) -> &'static str {
    match loss {
        MediaLoss::GivenUp => t!(lang, "jobs.media_given_up"),
        MediaLoss::Gone => t!(lang, "media.lost.gone"),
        MediaLoss::TooLarge => t!(lang, "media.lost.too_large"),
        MediaLoss::NotAtTwilio => t!(lang, "media.lost.not_at_twilio"),
        MediaLoss::Forbidden => t!(lang, "media.lost.forbidden"),
    }
}
