//! Vectors of the articles: made by the model's service once, kept, and searched by.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::body::Body;
use http_body_util::BodyExt as _;
use hub_clients::{
    InboundResponse, OutboundRequest, Transport, TransportError, breaker::BreakerLimits, openai::ModelError,
    transport::BoxFuture,
};
use hub_domain::{assistant::Passage, timing::Timing};
use hub_retrieval::paid::{PaidKey, PaidVectors};
use hub_sim::{ModelFault, ModelFaults, ModelSimulator};
use jiff::Timestamp;
use serde_json::json;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use twilio_chat::{
    app::{
        knowledge::{
            BuildError, Embedder, Knowledge, Librarian, Meaning, MeaningError, Progress, build_with_vectors,
        },
        retriever::Retriever as _,
    },
    sys::{Clock as _, World},
};

use crate::{
    model::{MODEL, MODEL_KEY},
    setup::Setup,
    world::{FakeClock, Seeded, later},
};

const ARTICLES: usize = 5;

/// The way to the simulated service. May stop a build once so many calls were answered.
#[derive(Debug)]
struct Line {
    service: ModelSimulator,
    answered: AtomicUsize,
    stop_after: usize,
    stop: CancellationToken,
}

impl Transport for Line {
    fn call(&self, request: OutboundRequest) -> BoxFuture<'_, Result<InboundResponse, TransportError>> {
        Box::pin(async move {
            let target = request.url.strip_prefix(MODEL.trim_end_matches("/v1")).unwrap();
            let mut built = http::Request::builder().method(request.method).uri(target);
            *built.headers_mut().unwrap() = request.headers;
            let built = built.body(Body::from(request.body)).unwrap();
            let (parts, body) = self.service.router().oneshot(built).await.unwrap().into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            if self.answered.fetch_add(1, Ordering::SeqCst) + 1 == self.stop_after {
                self.stop.cancel();
            }
            Ok(InboundResponse { status: parts.status.as_u16(), headers: parts.headers, body })
        })
    }
}

/// A data folder with articles, and a service to embed them.
struct Place {
    folder: TempDir,
    service: ModelSimulator,
    passage_prefix: &'static str,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let texts = [
            "Reklamacje pieczywa przyjmujemy w ciągu trzech dni.",
            "Sklep przy rynku jest otwarty od szóstej rano.",
            "Torty weselne zamawia się z tygodniowym wyprzedzeniem.",
            "Dowóz kosztuje dwanaście złotych w granicach miasta.",
            "Chleb żytni pieczemy we wtorki i piątki.",
        ];
        let line = |(number, text): (usize, &&str)| {
            let url = format!("https://piekarnia.example.com/{number}");
            json!({ "url": url, "title": format!("Porada {number}"), "text": text }).to_string() + "\n"
        };
        let lines: String = texts.iter().enumerate().map(line).collect();
        std::fs::create_dir_all(folder.path().join("X1_data")).unwrap();
        std::fs::write(folder.path().join("X1_data/articles.jsonl"), lines).unwrap();
        let service = ModelSimulator::new(MODEL_KEY.to_owned(), 1, Arc::new(|| Timestamp::UNIX_EPOCH));
        Self { folder, service, passage_prefix: "" }
    }

    fn knowledge(&self, model: &str) -> Arc<Knowledge> {
        Arc::new(Knowledge::new(&self.folder.path().join("X1_data"), model))
    }

    /// The service for one model, one text a call; the token is cancelled after so many answers.
    fn embedder(&self, model: &str, stop_after: usize) -> (Embedder, CancellationToken) {
        let setup = Setup::new()
            .with("SECOND_OPENAI", MODEL_KEY)
            .with("SECOND_OPENAI_BASE_URL", MODEL)
            .with("EMBEDDING_MODEL", model)
            .with("EMBEDDING_PASSAGE_PREFIX", self.passage_prefix)
            .with("EMBED_BATCH_SIZE", "1");
        let config = setup.config(self.folder.path()).knowledge;
        let stop = CancellationToken::new();
        let line = Line {
            service: self.service.clone(),
            answered: AtomicUsize::new(0),
            stop_after,
            stop: stop.clone(),
        };
        let line: Arc<dyn Transport> = Arc::new(line);
        (Embedder::of(&config, &line, &Timing::default()).unwrap().unwrap(), stop)
    }

    /// Builds; what became of it and how many texts this build had made.
    async fn build(&self, model: &str, stop_after: usize) -> (Result<usize, BuildError>, usize) {
        let (embedder, stop) = self.embedder(model, stop_after);
        let progress = Progress::default();
        let built = build_with_vectors(&self.knowledge(model), &Arc::new(embedder), &progress, &stop).await;
        (built.map(|kept| kept.vectors), progress.now().paid)
    }

    /// Vectors in the index and the numbers in each.
    fn holds(&self) -> (usize, usize) {
        let holdings = self.knowledge("").current().unwrap().library.holdings.clone();
        (holdings.vectors, holdings.dimensions)
    }

    /// The service's answers come out wrong like that from now on.
    fn spoils(&self, faults: ModelFaults) {
        self.service.faults(faults);
    }

    async fn looked_up(&self, question: &str) -> Vec<Passage> {
        let (embedder, _) = self.embedder(SMALL, 0);
        let meaning =
            Some(Arc::new(Meaning::new(Some(Arc::new(embedder)), BreakerLimits::default(), World::real())));
        let librarian = Librarian::new(self.knowledge(SMALL), meaning, World::real(), 10_000);
        librarian.passages(question).await
    }
}

const SMALL: &str = "text-embedding-3-small";
const LARGE: &str = "text-embedding-3-large";

#[tokio::test]
async fn a_stopped_build_goes_on_where_it_was_and_pays_nothing_twice() {
    let place = Place::new();
    let (stopped, paid) = place.build(SMALL, 2).await;
    assert!(matches!(stopped, Err(BuildError::Stopped)), "{stopped:?}");
    assert_eq!((paid, place.service.counts().embedded), (2, 2));
    assert_eq!(place.holds(), (0, 0));
    let (built, paid) = place.build(SMALL, 0).await;
    assert_eq!((built.unwrap(), paid), (ARTICLES, ARTICLES - 2));
    let (again, paid) = place.build(SMALL, 0).await;
    assert_eq!((again.unwrap(), paid), (ARTICLES, 0));
    assert_eq!(place.service.counts().embedded, ARTICLES + 1, "and one word as a sample");
    assert_eq!(place.holds(), (ARTICLES, 1_536));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_asks_to_slow_down_or_is_in_trouble_is_asked_again() {
    let place = Place::new();
    let next = [ModelFault::Throttled { retry_after_s: 20 }, ModelFault::Error].into();
    place.spoils(ModelFaults { next, ..ModelFaults::default() });
    let began = tokio::time::Instant::now();
    let (built, paid) = place.build(SMALL, 0).await;
    assert_eq!((built.unwrap(), paid), (ARTICLES, ARTICLES));
    assert_eq!(place.service.counts().requests, ARTICLES + 2);
    assert!(began.elapsed().as_secs() >= 20, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_service_that_stays_in_trouble_ends_the_build_and_keeps_what_was_paid() {
    let place = Place::new();
    let next = [[ModelFault::Fine; 3].as_slice(), &[ModelFault::Error; 20]].concat().into();
    place.spoils(ModelFaults { next, ..ModelFaults::default() });
    let (failed, paid) = place.build(SMALL, 0).await;
    assert!(matches!(failed, Err(BuildError::Model(ModelError::Overloaded { .. }))), "{failed:?}");
    assert_eq!((paid, place.service.counts().requests), (3, 3 + 8));
    place.spoils(ModelFaults::default());
    let (built, paid) = place.build(SMALL, 0).await;
    assert_eq!((built.unwrap(), paid), (ARTICLES, ARTICLES - 3));
}

#[tokio::test]
async fn another_model_takes_the_place_of_the_first_only_when_it_is_whole() {
    let place = Place::new();
    place.build(SMALL, 0).await.0.unwrap();
    let (stopped, _) = place.build(LARGE, 3).await;
    assert!(matches!(stopped, Err(BuildError::Stopped)), "{stopped:?}");
    assert_eq!(place.holds(), (ARTICLES, 1_536));
    // The old vectors are searched with questions of their own model.
    let (embedder, _) = place.embedder(LARGE, 0);
    let (knowledge, meaning) = (
        place.knowledge(LARGE),
        Arc::new(Meaning::new(Some(Arc::new(embedder)), BreakerLimits::default(), World::real())),
    );
    let near = async || {
        let current = knowledge.current().unwrap();
        meaning.near(&knowledge, &current, "dowóz w granicach miasta").await.unwrap().len()
    };
    assert_eq!(near().await, ARTICLES);
    place.build(LARGE, 0).await.0.unwrap();
    assert_eq!(place.holds(), (ARTICLES, 3_072));
    assert_eq!(near().await, ARTICLES);
}

#[tokio::test]
async fn a_question_is_answered_by_meaning_too_and_by_words_alone_when_that_fails() {
    let place = Place::new();
    let question = "dowóz w granicach miasta";
    let by_words = place.looked_up(question).await;
    assert_eq!(place.service.counts().requests, 0, "there are no vectors to compare with");
    assert_eq!(by_words[0].title, "Porada 3");
    place.build(SMALL, 0).await.0.unwrap();
    let found = place.looked_up(question).await;
    assert_eq!(place.service.counts().requests, ARTICLES + 1);
    assert_eq!(found[0].title, "Porada 3");
    assert!(found.len() > by_words.len(), "what is near in meaning is found beside it");
    place.spoils(ModelFaults { errors: 1.0, ..ModelFaults::default() });
    assert_eq!(place.looked_up(question).await, by_words);
    assert_eq!(place.service.counts().requests, ARTICLES + 2, "a question has one try");
}

/// A service that makes vectors of one number too few.
fn short() -> ModelFaults {
    ModelFaults { wrong_dimensions: 1.0, ..ModelFaults::default() }
}

#[tokio::test]
async fn a_slip_in_the_length_of_a_vector_is_asked_for_again_and_not_kept() {
    let place = Place::new();
    let next = [ModelFault::Fine, ModelFault::WrongDimensions].into();
    place.spoils(ModelFaults { next, ..ModelFaults::default() });
    assert_eq!(place.build(SMALL, 0).await.0.unwrap(), ARTICLES);
    assert_eq!(place.service.counts().embedded, ARTICLES + 1);
    assert_eq!(place.holds(), (ARTICLES, 1_536));
}

#[tokio::test]
async fn vectors_that_a_changed_service_no_longer_makes_are_left_aside() {
    let place = Place::new();
    place.spoils(short());
    let (stopped, _) = place.build(SMALL, 2).await;
    assert!(matches!(stopped, Err(BuildError::Stopped)), "{stopped:?}");
    place.spoils(ModelFaults::default());
    assert_eq!(place.build(SMALL, 0).await.0.unwrap(), ARTICLES);
    assert_eq!(place.holds(), (ARTICLES, 1_536));
    assert_eq!(place.service.counts().embedded, 2 + 1 + ARTICLES, "the change is made sure of once");
    let (again, paid) = place.build(SMALL, 0).await;
    assert_eq!((again.unwrap(), paid), (ARTICLES, 0));
}

#[tokio::test]
async fn a_changed_service_is_noticed_though_every_text_has_a_vector() {
    let place = Place::new();
    place.spoils(short());
    place.build(SMALL, 0).await.0.unwrap();
    assert_eq!(place.holds(), (ARTICLES, 1_535));
    place.spoils(ModelFaults::default());
    let (built, paid) = place.build(SMALL, 0).await;
    assert_eq!((built.unwrap(), paid), (ARTICLES, ARTICLES));
    assert_eq!(place.holds(), (ARTICLES, 1_536));
    place.spoils(ModelFaults { next: [ModelFault::WrongDimensions].into(), ..ModelFaults::default() });
    assert_eq!(place.build(SMALL, 0).await.1, 0, "a slip in a sample is no change");
    place.spoils(ModelFaults { errors: 1.0, ..ModelFaults::default() });
    assert_eq!(place.build(SMALL, 0).await.0.unwrap(), ARTICLES, "what was paid for is enough");
}

#[tokio::test]
async fn a_service_that_keeps_changing_ends_the_build_in_words() {
    let place = Place::new();
    let next = [ModelFault::Fine, ModelFault::WrongDimensions, ModelFault::WrongDimensions, ModelFault::Fine];
    place.spoils(ModelFaults { next: next.into(), ..ModelFaults::default() });
    let (failed, _) = place.build(SMALL, 0).await;
    assert!(matches!(failed, Err(BuildError::Model(ModelError::Unreadable(_)))), "{failed:?}");
    assert_eq!(place.holds(), (0, 0));
}

#[tokio::test]
async fn a_file_of_vectors_of_two_lengths_blocks_no_build() {
    let place = Place::new();
    place.build(SMALL, 0).await.0.unwrap();
    let path = place.folder.path().join("X1_data/.work/paid-1.vectors");
    let text = "Porada 4\nChleb żytni pieczemy we wtorki i piątki.";
    let mut paid = PaidVectors::open(&path).unwrap();
    assert_eq!(paid.numbers(&PaidKey::of(SMALL, text)), Some(1_536));
    paid.add(&[(PaidKey::of(SMALL, text), vec![0.5; 8])]).unwrap();
    drop(paid);
    let (built, paid) = place.build(SMALL, 0).await;
    assert_eq!((built.unwrap(), paid), (ARTICLES, 1));
    assert_eq!(place.holds(), (ARTICLES, 1_536));
}

#[tokio::test]
async fn a_prefix_is_part_of_what_is_paid_for() {
    let mut place = Place::new();
    place.build(SMALL, 0).await.0.unwrap();
    place.passage_prefix = "passage:";
    assert_eq!(place.build(SMALL, 0).await.1, ARTICLES);
    place.passage_prefix = "";
    assert_eq!(place.build(SMALL, 0).await.1, 0, "the vectors of before are still there");
    let path = place.folder.path().join("X1_data/.work/paid-1.vectors");
    let text = "passage: Porada 4\nChleb żytni pieczemy we wtorki i piątki.";
    assert!(PaidVectors::open(&path).unwrap().numbers(&PaidKey::of(SMALL, text)).is_some());
}

#[tokio::test]
async fn nobody_waits_for_a_service_that_is_down_until_it_may_be_tried_again() {
    let place = Place::new();
    place.build(SMALL, 0).await.0.unwrap();
    let clock = FakeClock::new();
    let world = World::new(clock.clone(), Seeded::new(1));
    let (embedder, _) = place.embedder(SMALL, 0);
    let meaning = Arc::new(Meaning::new(Some(Arc::new(embedder)), BreakerLimits::default(), world.clone()));
    let knowledge = place.knowledge(SMALL);
    let near = async || {
        let (before, current) = (place.service.counts().requests, knowledge.current().unwrap());
        let found = meaning.near(&knowledge, &current, "dowóz w granicach miasta").await;
        (found.map(|found| found.len()), place.service.counts().requests - before)
    };
    place.spoils(ModelFaults { errors: 1.0, ..ModelFaults::default() });
    for _ in 0..2 {
        assert!(matches!(near().await, (Err(MeaningError::Model(_)), 1)));
    }
    for _ in 0..20 {
        assert!(matches!(near().await, (Err(MeaningError::LeftAlone(_)), 0)));
    }
    clock.set(later(clock.now(), Duration::from_secs(31)));
    assert!(matches!(near().await, (Err(MeaningError::Model(_)), 1)), "one tries");
    assert!(matches!(near().await, (Err(MeaningError::LeftAlone(_)), 0)));
    place.spoils(ModelFaults::default());
    clock.set(later(clock.now(), Duration::from_mins(2)));
    for _ in 0..2 {
        assert!(matches!(near().await, (Ok(ARTICLES), 1)), "it closes by itself");
    }
}

#[tokio::test]
async fn a_question_of_the_desk_is_searched_by_meaning_too() {
    let place = Place::new();
    place.build(SMALL, 0).await.0.unwrap();
    let setup = Setup::new().with_answering().with("EMBEDDING_MODEL", SMALL).with_articles("");
    let mut hub = setup.start().await;
    let service = hub.model.is_simulated();
    place.knowledge(SMALL).export(&hub.folder().join("X1_data/faiss_openai_index")).unwrap();
    let asked = json!({ "query": "ile kosztuje dowóz w granicach miasta" });
    let told = hub.post("/api/news/test-faiss", &asked).await.unwrap().json();
    assert_eq!(told["search_info"]["algorithm"], "hybrid", "{told}");
    assert_eq!(told["results"][0]["title"], "Porada 3");
    assert_eq!((&told["made_by"], service.counts().embedded), (&json!("model"), 1));
    service.faults(ModelFaults { errors: 1.0, ..ModelFaults::default() });
    let told = hub.post("/api/news/test-faiss", &asked).await.unwrap().json();
    assert_eq!((&told["search_info"]["algorithm"], &told["made_by"]), (&json!("bm25"), &json!("articles")));
    assert_eq!(told["results"][0]["title"], "Porada 3");
}
