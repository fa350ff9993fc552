//! `/api/news/faiss/export` and `/import`: the knowledge base as a zip archive, out and in, a piece at a time and
//! never whole in memory.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, Write as _},
    path::PathBuf,
};

use axum::{
    Extension, Json,
    body::Body,
    extract::{FromRequest as _, Multipart, Request, State, multipart::MultipartError},
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use hub_retrieval::library::{LibraryError, archive::LONGEST, archive::Restored};
use hub_store::By;
use serde_json::{Value, json};

use super::{LANG, refusal};
use crate::{
    app::knowledge::KnowledgeError,
    i18n::Lang,
    t,
    web::{Web, error::api_error},
};

/// What a request with an archive may have, its form around the archive included.
pub(in crate::web) const LONGEST_BODY: u64 = LONGEST + (64 << 10);
/// Read from the disk at a time.
const PIECE: u64 = 256 << 10;

pub(crate) async fn export(State(web): State<Web>) -> Response {
    download(&web).await.unwrap_or_else(|error| match &error {
        KnowledgeError::Library(LibraryError::Nothing(_)) => {
            api_error(StatusCode::NOT_FOUND, t!(LANG, "news.archive.none"))
        }
        KnowledgeError::Library(_) | KnowledgeError::Store(_) => refusal::answer(&error),
    })
}

/// The archive as a file to keep.
pub(in crate::web) async fn download(web: &Web) -> Result<Response, KnowledgeError> {
    let (file, size) = web.app.pack_knowledge().await?;
    let time = web.app.archived_at().to_zoned(web.settings.time_zone.clone());
    let name = format!("attachment; filename=\"faiss_backup_{}.zip\"", time.strftime("%Y%m%d-%H%M%S"));
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, name),
        (CONTENT_LENGTH, size.to_string()),
    ];
    Ok((headers, Body::from_stream(stream::try_unfold(file, piece))).into_response())
}

async fn piece(mut file: File) -> io::Result<Option<(Bytes, File)>> {
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        (&mut file).take(PIECE).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>((bytes, file))
    });
    let (bytes, file) = read.await.map_err(io::Error::other)??;
    Ok((!bytes.is_empty()).then(|| (bytes.into(), file)))
}

/// Why an upload was not taken.
pub(in crate::web) enum NotTaken {
    /// It is none, has no archive, or ended early.
    Upload(StatusCode, &'static str),
    /// The archive, or the disk.
    Knowledge(KnowledgeError),
}

impl NotTaken {
    /// Status and text.
    pub(in crate::web) fn words(&self, lang: Lang) -> (StatusCode, String) {
        match self {
            Self::Upload(status, key) => (*status, upload_words(lang, key).to_owned()),
            Self::Knowledge(error) => refusal::words(error, lang),
        }
    }
}

fn upload_words(lang: Lang, key: &str) -> &'static str {
    match key {
        "missing" => t!(lang, "news.archive.missing"),
        "not_zip" => t!(lang, "news.archive.not_zip"),
        "too_large" => t!(lang, "news.archive.too_large"),
        _ => t!(lang, "news.archive.cut_off"),
    }
}

const MISSING: NotTaken = NotTaken::Upload(StatusCode::BAD_REQUEST, "missing");
const NOT_ZIP: NotTaken = NotTaken::Upload(StatusCode::BAD_REQUEST, "not_zip");
const TOO_LARGE: NotTaken = NotTaken::Upload(StatusCode::PAYLOAD_TOO_LARGE, "too_large");
const CUT_OFF: NotTaken = NotTaken::Upload(StatusCode::BAD_REQUEST, "cut_off");

impl<E: Into<KnowledgeError>> From<E> for NotTaken {
    fn from(error: E) -> Self {
        Self::Knowledge(error.into())
    }
}

pub(crate) async fn import(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    request: Request,
) -> Response {
    match upload(&web, request, by).await {
        Ok(restored) => Json(shown(&restored)).into_response(),
        Err(not_taken) => {
            let (status, text) = not_taken.words(LANG);
            api_error(status, &text)
        }
    }
}

fn shown(restored: &Restored) -> Value {
    let imported = &restored.imported;
    let refused: Vec<Value> =
        imported.refused.iter().map(|one| json!({ "file": one.file, "reason": one.reason })).collect();
    json!({
        "success": true,
        "restored": restored.members,
        "layout": imported.files.join("+"),
        "documents": imported.kept.documents,
        "vectors": imported.kept.vectors,
        "rows_without_document": imported.without_document,
        "documents_without_vector": imported.without_vector,
        "refused": refused,
    })
}

/// Takes the archive of a form over into the active index.
pub(in crate::web) async fn upload(web: &Web, request: Request, by: By) -> Result<Restored, NotTaken> {
    let length =
        request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > LONGEST_BODY) {
        return Err(TOO_LARGE);
    }
    let mut form = Multipart::from_request(request, web).await.map_err(|_| MISSING)?;
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        if field.name() != Some("archive") {
            continue;
        }
        let name = PathBuf::from(field.file_name().unwrap_or_default());
        if name.as_os_str().is_empty() {
            return Err(MISSING);
        }
        if !name.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip")) {
            return Err(NOT_ZIP);
        }
        let (mut file, mut size) = (web.app.archive_file().await?, 0_u64);
        while let Some(bytes) = field.chunk().await.map_err(|error| broken(&error))? {
            size = size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            if size > LONGEST {
                return Err(TOO_LARGE);
            }
            let written = tokio::task::spawn_blocking(move || file.write_all(&bytes).map(|()| file));
            file = written.await.map_err(io::Error::other)??;
        }
        file.rewind()?;
        return Ok(web.app.restore_knowledge(file, by).await?);
    }
    Err(MISSING)
}

fn broken(error: &MultipartError) -> NotTaken {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { TOO_LARGE } else { CUT_OFF }
}
