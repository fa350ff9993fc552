//! A text that a person asks the model for, and sends: `ai-send`, `/api/ai/send`; trials without sending.

use std::sync::Arc;

use hub_clients::openai::{ModelAccessError, ModelClient, ModelError};
use hub_domain::{
    assistant::{
        Speaker,
        output::{Unfit, Verdict},
        settings::AssistantSettings,
    },
    decided::Decided,
    message::Origin,
    reply::{HandOver, NoReply},
};
use hub_store::{NewReceipt, SendKey, StoreError};
use secrecy::SecretString;
use thiserror::Error;

use super::{
    super::{
        App,
        send::{SendError, SendRequest, Sent, Through},
    },
    asking::{Answer, Judged, Question},
};

/// What a person asks the model to write.
#[derive(Clone, Debug)]
pub struct AssistantRequest {
    /// The recipient as typed; empty: the one that is set up.
    pub to: String,
    /// The customer's latest text, when it is not among the messages.
    pub latest: Option<String>,
    /// Texts of the conversation that the model reads.
    pub history_limit: u32,
    /// A key of the caller's own, for this call.
    pub api_key: Option<SecretString>,
    /// Which of our senders.
    pub through: Through,
    /// On whose behalf.
    pub origin: Origin,
}

/// What was written and sent.
#[derive(Debug)]
pub struct AssistantSent {
    /// The text.
    pub body: String,
    /// The setup it was written with.
    pub settings: AssistantSettings,
    /// Where it stands.
    pub sent: Sent,
}

/// A trial of the connection.
#[derive(Debug)]
pub struct Connection {
    /// What the model answered.
    pub reply: String,
    /// The setup it answered with.
    pub settings: AssistantSettings,
}

/// Why nothing was sent.
#[derive(Debug, Error)]
pub enum AssistantError {
    /// There is no key.
    #[error("no key of a model service")]
    NoModel,
    /// The key given can't be one.
    #[error(transparent)]
    Key(#[from] ModelAccessError),
    /// No recipient is given or set up.
    #[error("no recipient")]
    NoRecipient,
    /// The model gave no answer.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The model asks for a person.
    #[error("the model asks for a person")]
    WantsPerson,
    /// The model's words must not be said.
    #[error("the model's words must not be said: {0:?}")]
    Unfit(Unfit),
    /// The text could not be sent.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Writes with the model and sends through the running workers. With a key that was used for the same before,
    /// neither is done again.
    pub async fn assistant_send(
        &self,
        request: &AssistantRequest,
        key: Option<SendKey>,
    ) -> Result<AssistantSent, AssistantError> {
        if let Some(key) = key.clone()
            && let Some(sent) = self.sent_before(key).await?
        {
            let settings = self.assistant().await?.settings;
            return Ok(AssistantSent { body: whole(&sent, String::new()), settings, sent });
        }
        let written = self.written(request).await?;
        let sent = self.send(&written.request, key).await;
        self.sent(written, sent).await
    }

    /// The same, with the first attempts made in this process.
    pub async fn assistant_send_here(
        &self,
        request: &AssistantRequest,
        worker: String,
    ) -> Result<AssistantSent, AssistantError> {
        let written = self.written(request).await?;
        let sent = self.send_here(&written.request, worker).await;
        self.sent(written, sent).await
    }

    /// Asks without a conversation, to see whether the service answers. Nothing is kept.
    pub async fn try_model(
        &self,
        text: &str,
        key: Option<SecretString>,
    ) -> Result<Connection, AssistantError> {
        let client = self.client(key.as_ref())?;
        let settings = self.assistant().await?.settings;
        let question = Question {
            profile_name: None,
            passages: Vec::new(),
            history: Vec::new(),
            newest: text.to_owned(),
        };
        let judged = self.ask(&client, &settings, &question, "test").await.judged?;
        Ok(Connection { reply: judged.words, settings })
    }

    /// Asks as a customer would, with the settings given; nothing is sent and nothing kept.
    pub async fn playground(
        &self,
        settings: &AssistantSettings,
        newest: &str,
    ) -> Result<Answer, AssistantError> {
        let client = self.client(None)?;
        let passages = self.passages(newest).await;
        let question =
            Question { profile_name: None, passages, history: Vec::new(), newest: newest.to_owned() };
        Ok(self.ask(&client, settings, &question, "playground").await)
    }

    pub(super) fn client(&self, key: Option<&SecretString>) -> Result<Arc<ModelClient>, AssistantError> {
        match key {
            Some(key) => Ok(self.inner.models.client_of(key)?),
            None => self.connected().models.assistant.clone().ok_or(AssistantError::NoModel),
        }
    }

    async fn written(&self, request: &AssistantRequest) -> Result<Written, AssistantError> {
        let client = self.client(request.api_key.as_ref())?;
        let settings = self.assistant().await?.settings;
        let to = Some(request.to.trim()).filter(|to| !to.is_empty()).unwrap_or(settings.target_number.trim());
        if to.is_empty() {
            return Err(AssistantError::NoRecipient);
        }
        self.may_be_asked_for(to, &request.through, request.origin).await?;
        let question = self.question(to, request).await?;
        let Answer { judged, receipt } = self.ask(&client, &settings, &question, "send").await;
        let (decision, why) = match judged {
            Ok(Judged { verdict: Verdict::Say(body), .. }) => {
                let through = request.through.clone();
                let request =
                    SendRequest { to: to.to_owned(), body, through, origin: request.origin, fold: false };
                return Ok(Written { settings, receipt, request });
            }
            Ok(Judged { verdict: Verdict::HandOver, .. }) => {
                (Decided::HandedOver(HandOver::Unsure), AssistantError::WantsPerson)
            }
            Ok(Judged { verdict: Verdict::Unfit(why), .. }) => {
                (Decided::HandedOver(HandOver::Unfit), AssistantError::Unfit(why))
            }
            Err(error) => (Decided::Nothing(NoReply::ModelFailed), error.into()),
        };
        let contact = self.person(to).await?.map(|person| person.contact);
        self.store().keep_receipt(receipt, None, contact, decision.as_str(), self.world().now()).await?;
        Err(why)
    }

    async fn question(&self, to: &str, request: &AssistantRequest) -> Result<Question, StoreError> {
        let mut history = match self.person(to).await? {
            Some(person) => self.store().conversation_turns(person.contact, request.history_limit).await?,
            None => Vec::new(),
        };
        let newest = match &request.latest {
            Some(latest) => latest.clone(),
            // The customer's last text, unless somebody has answered it.
            None => match history.last() {
                Some(turn) if turn.speaker == Speaker::Customer => {
                    history.pop().map(|turn| turn.text).unwrap_or_default()
                }
                Some(_) | None => String::new(),
            },
        };
        let passages = self.passages(&newest).await;
        Ok(Question { profile_name: None, passages, history, newest })
    }

    async fn sent(
        &self,
        written: Written,
        sent: Result<Sent, SendError>,
    ) -> Result<AssistantSent, AssistantError> {
        let Written { settings, receipt, request } = written;
        let answer = sent.as_ref().ok().and_then(|sent| sent.parts.first()).map(|message| message.row);
        let decision = if answer.is_some() { Decided::Sent } else { Decided::NotSent };
        let contact = self.person(&request.to).await?.map(|person| person.contact);
        self.store().keep_receipt(receipt, answer, contact, decision.as_str(), self.world().now()).await?;
        let sent = sent?;
        Ok(AssistantSent { body: whole(&sent, request.body), settings, sent })
    }
}

/// The text that was sent: with a key it may be that of another call at the same time. Between two parts the space or
/// the line that parted them is gone.
fn whole(sent: &Sent, asked: String) -> String {
    let parts: Vec<&str> = sent.parts.iter().map(|part| &*part.body).collect();
    let said = parts.join("\n");
    if said.split_whitespace().eq(asked.split_whitespace()) { asked } else { said }
}

/// A text that may be sent.
struct Written {
    settings: AssistantSettings,
    receipt: NewReceipt,
    request: SendRequest,
}
