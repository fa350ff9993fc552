//! What is configured of the language models and of the knowledge base.

use hub_domain::address::PhoneNumber;
use secrecy::SecretString;

use super::{
    base_url::BaseUrl,
    names::models,
    problem::{Fault, Problem},
    read::Reader,
    values,
};

/// AI answers in conversations.
#[derive(Clone, Debug)]
pub struct AssistantConfig {
    /// Goes to `base_url` and nowhere else.
    pub api_key: Option<SecretString>,
    /// The model's name.
    pub model: String,
    /// 0 to 2.
    pub temperature: f64,
    /// An OpenAI-compatible service.
    pub base_url: BaseUrl,
    /// The switch, if the operator set it.
    pub enabled: Option<bool>,
    /// The default recipient of `ai-send`.
    pub target_number: Option<PhoneNumber>,
    /// The instruction to the model.
    pub system_prompt: Option<String>,
}

/// Answers from the knowledge base.
#[derive(Clone, Debug)]
pub struct KnowledgeConfig {
    /// Goes to `base_url` and nowhere else.
    pub api_key: Option<SecretString>,
    /// The model that answers.
    pub model: String,
    /// An OpenAI-compatible service.
    pub base_url: BaseUrl,
    /// The model that makes vectors.
    pub embedding_model: String,
    /// What some models want before a question.
    pub query_prefix: String,
    /// What they want before a passage.
    pub passage_prefix: String,
    /// Passages made into vectors at once.
    pub embed_batch_size: u32,
    /// The length of a passage in characters.
    pub chunk_size: u32,
    /// What neighbouring passages share; less than their length.
    pub chunk_overlap: u32,
    /// The most characters of passages that the model is given.
    pub context_max_chars: u32,
}

impl AssistantConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let base_url = reader.optional(&models::OPENAI_BASE_URL, values::service_url);
        Some(Self {
            api_key: reader.secret(&models::OPENAI_API_KEY),
            model: reader.text(&models::OPENAI_MODEL),
            temperature: reader.required(&models::OPENAI_TEMPERATURE, values::temperature),
            enabled: reader.optional(&models::AI_ENABLED, values::flag),
            target_number: reader.optional(&models::AI_TARGET_NUMBER, values::phone),
            system_prompt: reader.optional(&models::AI_SYSTEM_PROMPT, |text| Some(text.to_owned())),
            base_url: base_url?,
        })
    }
}

impl KnowledgeConfig {
    /// The most tokens of passages that the model is given: Polish has about three characters in one.
    pub fn context_tokens(&self) -> usize {
        usize::try_from(self.context_max_chars / 3).unwrap_or(usize::MAX)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let base_url = reader.optional(&models::SECOND_OPENAI_BASE_URL, values::service_url);
        let chunk_size = reader.whole(&models::CHUNK_SIZE);
        let chunk_overlap = reader.whole(&models::CHUNK_OVERLAP);
        // A size of 0 is one that could not be read.
        if chunk_size > 0 && chunk_overlap >= chunk_size {
            let (name, source) = (models::CHUNK_OVERLAP.name, reader.raw.value(&models::CHUNK_OVERLAP));
            let (name, source) = (Some(name.to_owned()), source.map(|(_, source)| source));
            reader.problems.push(Problem { name, source, fault: Fault::OverlapNotBelowSize });
        }
        let mut prefix = |variable| reader.optional(variable, |text| Some(set_off(text))).unwrap_or_default();
        let (query_prefix, passage_prefix) =
            (prefix(&models::EMBEDDING_QUERY_PREFIX), prefix(&models::EMBEDDING_PASSAGE_PREFIX));
        Some(Self {
            api_key: reader.secret(&models::SECOND_OPENAI),
            model: reader.text(&models::SECOND_MODEL),
            embedding_model: reader.text(&models::EMBEDDING_MODEL),
            query_prefix,
            passage_prefix,
            embed_batch_size: reader.whole(&models::EMBED_BATCH_SIZE),
            chunk_size,
            chunk_overlap,
            context_max_chars: reader.whole(&models::RAG_CONTEXT_MAX_CHARS),
            base_url: base_url?,
        })
    }
}

/// Values have no spaces at their ends; what stands before a text is set off from it by one.
fn set_off(prefix: &str) -> String {
    if prefix.is_empty() { String::new() } else { format!("{prefix} ") }
}
