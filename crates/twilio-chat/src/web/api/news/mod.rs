//! `/api/news`: the knowledge base, in the original's shapes.

pub(in crate::web) mod archive;
pub(in crate::web) mod building;
pub(in crate::web) mod indices;
pub(in crate::web) mod refusal;
pub(in crate::web) mod status;
pub(in crate::web) mod test;

use axum::Extension;
use hub_store::By;

use super::{LANG, json_body::JsonBody, messages};
use crate::app::auth::Viewer;

/// A bearer token acts in the name of the API.
fn by(viewer: Option<Extension<Viewer>>) -> By {
    viewer.map_or_else(
        || By { name: "API".to_owned(), network: String::new() },
        |Extension(viewer)| viewer.by(),
    )
}
