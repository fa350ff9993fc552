//! The REST API, in the shapes of the earlier Python program where it had them.

pub(super) mod auto_reply;
pub(super) mod health;
mod json_body;
pub(super) mod messages;
