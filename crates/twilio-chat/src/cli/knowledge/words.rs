//! `knowledge ask` with a key: the answer in a model's words, and the receipt of its calls among the others.

use hub_clients::openai::ModelAccessError;
use hub_store::Store;

use super::{Configured, Failure, Place, runtime};
use crate::{
    app::{
        App,
        knowledge::{Answer, Answerer, Wish, Worded, answer_in_words, is_for_model},
        secrets::SecretError,
    },
    i18n::Lang,
    start::{self, Ground, StartError},
    sys::World,
    t,
};

/// What the model made of an answer, and what is to be said of its receipt.
pub(super) struct InWords {
    pub(super) worded: Worded,
    /// The answer was given; its receipt could not be kept.
    pub(super) complaint: Option<String>,
}

/// Puts an answer into the model's words; `None` without a key, or where there is nothing to ask.
pub(super) fn in_words(
    place: &Place<'_>,
    configured: &Configured,
    wish: &Wish<'_>,
    answer: &Answer,
) -> Result<Option<InWords>, Failure> {
    let seal = start::seal_key(&configured.config);
    let may_be_of_panel = seal.configured.is_some() || seal.file.exists();
    let has_key = configured.config.knowledge.api_key.is_some() || may_be_of_panel;
    if !has_key || !is_for_model(wish.question, answer.found.verdict) {
        return Ok(None);
    }
    runtime()?.block_on(async {
        let service = Service::open(place, configured).await?;
        let written = service.write(wish, answer, place.lang).await;
        service.close();
        Ok(written)
    })
}

/// Who writes, and where its receipts go.
struct Service {
    answerer: Option<Answerer>,
    /// `None`: there is no database yet, and a question makes none.
    hub: Option<(App, Store)>,
}

impl Service {
    async fn open(place: &Place<'_>, configured: &Configured) -> Result<Self, Failure> {
        let ours = |error: StartError| Failure::new(error.describe(place.lang));
        let Configured { config, raw, divisor } = configured;
        let (world, timing) = (World::real(), start::timing(divisor.as_deref()));
        let transport = start::transport().map_err(ours)?;
        if !config.database.exists() {
            let of_access = |error: ModelAccessError| ours(error.into());
            let answerer = start::answerer(config, &world, &timing, &transport).map_err(of_access)?;
            return Ok(Self { answerer, hub: None });
        }
        let store = start::open_store(config, timing).map_err(ours)?;
        let app =
            start::app(config, store.clone(), world, timing, transport.clone(), config.port).map_err(ours)?;
        let ground = Ground { raw: raw.clone(), transport, timing, port: config.port };
        let taken = app.take_up_keys(std::sync::Arc::new(ground), start::seal_key(config)).await;
        taken.map_err(|error: SecretError| place.fault(&error))?;
        let answerer = app.answerer().await.map_err(|error| place.fault(&error))?;
        Ok(Self { answerer, hub: Some((app, store)) })
    }

    async fn write(&self, wish: &Wish<'_>, answer: &Answer, lang: Lang) -> Option<InWords> {
        let answerer = self.answerer.as_ref()?;
        if let Some((app, _)) = &self.hub
            && app.is_spent_up().await
        {
            return Some(InWords { worded: Worded::spent_up(answerer), complaint: None });
        }
        let mut worded = answer_in_words(answerer, wish, answer).await?;
        let receipt = worded.receipt.take().zip(worded.decision);
        let complaint = match (&self.hub, receipt) {
            (Some((app, _)), Some((receipt, decision))) => {
                let kept = app.keep_receipt(receipt, decision).await;
                kept.err().map(|error| t!(lang, "answering.no_receipt", error = error))
            }
            (Some(_) | None, _) => None,
        };
        Some(InWords { worded, complaint })
    }

    fn close(self) {
        if let Some((_, store)) = self.hub {
            store.close();
        }
    }
}
