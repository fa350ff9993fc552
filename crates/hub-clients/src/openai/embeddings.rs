//! Texts made into vectors.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::outcome::ModelError;

/// Vectors of texts, in the order of the texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Embeddings {
    /// One for each text, all of one length.
    pub vectors: Vec<Vec<f32>>,
    /// Tokens read, where the service counts.
    pub prompt_tokens: Option<u32>,
}

#[derive(Deserialize)]
struct Document {
    data: Vec<Entry>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Entry {
    index: Option<usize>,
    embedding: Written,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Numbers(Vec<f32>),
    /// Little-endian floats.
    Base64(String),
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: Option<u32>,
}

/// Reads the vectors of `count` texts.
pub(super) fn read(body: &[u8], count: usize) -> Result<Embeddings, ModelError> {
    let document: Document =
        serde_json::from_slice(body).map_err(|_| ModelError::Unreadable("no list of vectors"))?;
    let mut vectors = vec![Vec::new(); count];
    if document.data.len() != count {
        return Err(ModelError::Unreadable("not one vector for each text"));
    }
    for (position, entry) in document.data.into_iter().enumerate() {
        let place = vectors
            .get_mut(entry.index.unwrap_or(position))
            .filter(|place| place.is_empty())
            .ok_or(ModelError::Unreadable("vectors with strange numbers"))?;
        *place = match entry.embedding {
            Written::Numbers(numbers) => numbers,
            Written::Base64(text) => floats(&text)?,
        };
    }
    let length = vectors.first().map_or(0, Vec::len);
    let whole = |vector: &Vec<f32>| {
        vector.len() == length && length > 0 && vector.iter().all(|number| number.is_finite())
    };
    if !vectors.iter().all(whole) {
        return Err(ModelError::Unreadable("vectors that are empty, of different lengths or not finite"));
    }
    Ok(Embeddings { vectors, prompt_tokens: document.usage.and_then(|usage| usage.prompt_tokens) })
}

fn floats(text: &str) -> Result<Vec<f32>, ModelError> {
    let bytes = STANDARD.decode(text).map_err(|_| ModelError::Unreadable("a vector that is not base64"))?;
    let (floats, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(ModelError::Unreadable("a vector with half a number"));
    }
    Ok(floats.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}
