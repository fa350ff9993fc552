//! Variables of the language models and of the knowledge base.

use super::{
    super::variable::{Kind, Variable},
    Group,
};
use crate::i18n::Text;

pub(crate) static GROUP: Group = Group {
    title: Text { pl: "AI w rozmowach", en: "AI in conversations" },
    variables: &[
        &OPENAI_API_KEY,
        &OPENAI_MODEL,
        &OPENAI_TEMPERATURE,
        &OPENAI_BASE_URL,
        &AI_ENABLED,
        &AI_TARGET_NUMBER,
        &AI_SYSTEM_PROMPT,
    ],
};

pub(crate) static KNOWLEDGE: Group = Group {
    title: Text { pl: "Baza wiedzy", en: "Knowledge base" },
    variables: &[
        &SECOND_OPENAI,
        &SECOND_MODEL,
        &OPENAI_CHAT_MODEL,
        &SECOND_OPENAI_BASE_URL,
        &EMBEDDING_MODEL,
        &EMBEDDING_QUERY_PREFIX,
        &EMBEDDING_PASSAGE_PREFIX,
        &EMBED_BATCH_SIZE,
        &CHUNK_SIZE,
        &CHUNK_OVERLAP,
        &RAG_CONTEXT_MAX_CHARS,
    ],
};

pub(crate) static OPENAI_API_KEY: Variable = Variable::new(
    "OPENAI_API_KEY",
    Kind::Secret { min_chars: 1 },
    "Klucz OpenAI do odpowiedzi AI w rozmowach. Baza wiedzy ma własny: SECOND_OPENAI.",
    "The OpenAI key for AI answers in conversations. The knowledge base has its own: SECOND_OPENAI.",
);

pub(crate) static OPENAI_MODEL: Variable =
    Variable::new("OPENAI_MODEL", Kind::Text, "Model odpowiedzi AI.", "The model of AI answers.")
        .or("gpt-4o-mini");

pub(crate) static OPENAI_TEMPERATURE: Variable = Variable::new(
    "OPENAI_TEMPERATURE",
    Kind::Temperature,
    "Swoboda odpowiedzi AI: 0 rzeczowo, 2 dowolnie.",
    "The freedom of AI answers: 0 plain, 2 free.",
)
.or("0.7");

pub(crate) static OPENAI_BASE_URL: Variable = Variable::new(
    "OPENAI_BASE_URL",
    Kind::ServiceUrl,
    "Adres usługi zgodnej z OpenAI; OPENAI_API_KEY trafia tylko tam.",
    "The address of an OpenAI-compatible service; OPENAI_API_KEY goes nowhere else.",
)
.or("https://api.openai.com/v1");

pub(crate) static AI_ENABLED: Variable = Variable::new(
    "AI_ENABLED",
    Kind::Flag,
    "Włącza odpowiedzi AI przy starcie; wybór w panelu ma pierwszeństwo.",
    "Switches AI answers on at start; a choice made in the panel goes first.",
);

pub(crate) static AI_TARGET_NUMBER: Variable = Variable::new(
    "AI_TARGET_NUMBER",
    Kind::Phone,
    "Domyślny odbiorca polecenia ai-send.",
    "The default recipient of the command ai-send.",
);

pub(crate) static AI_SYSTEM_PROMPT: Variable = Variable::new(
    "AI_SYSTEM_PROMPT",
    Kind::Text,
    "Instrukcja dla modelu: kim jest i jak ma odpowiadać.",
    "The instruction to the model: who it is and how to answer.",
);

pub(crate) static SECOND_OPENAI: Variable = Variable::new(
    "SECOND_OPENAI",
    Kind::Secret { min_chars: 1 },
    "Klucz OpenAI bazy wiedzy (News): wektory i odpowiedzi ze źródłami. Rozmowy mają własny: OPENAI_API_KEY.",
    "The OpenAI key of the knowledge base (News): vectors, answers with sources. Conversations have their own: OPENAI_API_KEY.",
);

pub(crate) static SECOND_MODEL: Variable = Variable::new(
    "SECOND_MODEL",
    Kind::Text,
    "Model odpowiedzi z bazy wiedzy.",
    "The model of answers from the knowledge base.",
)
.or_older(&OPENAI_CHAT_MODEL, "gpt-4o-mini");

pub(crate) static OPENAI_CHAT_MODEL: Variable = Variable::new(
    "OPENAI_CHAT_MODEL",
    Kind::Text,
    "Starsza nazwa SECOND_MODEL; nowe pliki jej nie potrzebują.",
    "The older name of SECOND_MODEL; new files have no need of it.",
);

pub(crate) static SECOND_OPENAI_BASE_URL: Variable = Variable::new(
    "SECOND_OPENAI_BASE_URL",
    Kind::ServiceUrl,
    "Adres usługi dla SECOND_OPENAI; puste: ten co OPENAI_BASE_URL.",
    "The address of the service for SECOND_OPENAI; empty: that of OPENAI_BASE_URL.",
)
.or_else(&OPENAI_BASE_URL);

pub(crate) static EMBEDDING_MODEL: Variable = Variable::new(
    "EMBEDDING_MODEL",
    Kind::Text,
    "Model wektorów; zmiana wymaga zbudowania indeksu od nowa.",
    "The model of vectors; a change needs the index built anew.",
)
.or("text-embedding-3-large");

pub(crate) static EMBEDDING_QUERY_PREFIX: Variable = Variable::new(
    "EMBEDDING_QUERY_PREFIX",
    Kind::Text,
    "Słowo przed pytaniem, którego chcą niektóre modele, np. query: dla E5; spacja jest dodawana.",
    "What some models want before a question, such as query: for E5; a space is added.",
);

pub(crate) static EMBEDDING_PASSAGE_PREFIX: Variable = Variable::new(
    "EMBEDDING_PASSAGE_PREFIX",
    Kind::Text,
    "To samo przed fragmentem, np. passage:; zmiana wymaga zbudowania indeksu od nowa.",
    "The same before a passage, such as passage:; a change needs the index built anew.",
);

pub(crate) static EMBED_BATCH_SIZE: Variable = Variable::new(
    "EMBED_BATCH_SIZE",
    Kind::Whole { min: 1, max: 2_048 },
    "Ile fragmentów naraz zamieniać na wektory.",
    "How many passages are made into vectors at once.",
)
.or("128");

pub(crate) static CHUNK_SIZE: Variable = Variable::new(
    "CHUNK_SIZE",
    Kind::Whole { min: 50, max: 100_000 },
    "Długość fragmentu w znakach; zmiana działa od następnej budowy indeksu.",
    "The length of a passage in characters; a change counts from the next build of the index on.",
)
.or("900");

pub(crate) static CHUNK_OVERLAP: Variable = Variable::new(
    "CHUNK_OVERLAP",
    Kind::Whole { min: 0, max: 99_999 },
    "Wspólna część sąsiednich fragmentów; mniej niż CHUNK_SIZE.",
    "What neighbouring passages share; less than CHUNK_SIZE.",
)
.or("120");

pub(crate) static RAG_CONTEXT_MAX_CHARS: Variable = Variable::new(
    "RAG_CONTEXT_MAX_CHARS",
    Kind::Whole { min: 100, max: 10_000_000 },
    "Ile znaków fragmentów najwyżej dostaje model.",
    "The most characters of passages that the model is given.",
)
.or("18000");
