//! `replay` while the model service is down: no comparison, and no outage taken for a changed answer.

use std::sync::Arc;

use hub_sim::{ModelFaults, ModelSimulator};
use jiff::Timestamp;

use super::program::Program;

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_does_not_answer_is_no_difference() {
    let service = ModelSimulator::new("sk-replay".to_owned(), 1, Arc::new(|| Timestamp::UNIX_EPOCH));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    let router = service.router();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let program = Program::new().with("OPENAI_API_KEY", "sk-replay").with("OPENAI_BASE_URL", base);
    assert_eq!(program.run(&["user", "list"]).await.code, Some(0), "it makes the database");
    let database = rusqlite::Connection::open(program.path("data/app.db")).unwrap();
    let case = "INSERT INTO assistant_case (question, said, expected, created_at) VALUES ('Macie chleb?', '', 'Tak.', 0)";
    database.execute(case, []).unwrap();
    drop(database);
    service.faults(ModelFaults { errors: 1.0, ..ModelFaults::default() });
    let down = program.run(&["replay"]).await;
    assert_eq!(down.code, Some(1), "{down:?}");
    assert!(
        down.out.contains("[case 1] Macie chleb?") && down.out.contains("? model nie odpowiedział"),
        "{down:?}"
    );
    assert!(down.out.contains("Bez zmian: 0, inaczej: 0."), "{down:?}");
    assert!(down.err.contains("na które model nie odpowiedział: 1"), "{down:?}");
    service.faults(ModelFaults::default());
    let up = program.run(&["replay"]).await;
    assert_eq!((up.code, up.err.as_str()), (Some(0), ""), "{up:?}");
    assert!(up.out.contains("inaczej: 1."), "{up:?}");
    server.abort();
}
