//! `/api/news`: the knowledge base, in the original's shapes.

pub(in crate::web) mod archive;
pub(in crate::web) mod building;
pub(in crate::web) mod indices;
pub(in crate::web) mod refusal;
pub(in crate::web) mod status;
pub(in crate::web) mod test;

use super::{LANG, json_body::JsonBody, messages};
