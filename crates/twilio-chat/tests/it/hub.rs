//! The product on a temporary file, with a clock that stands still and the simulator on a wire.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::http::Request;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::future::join_all;
use hub_sim::{Simulator, Webhook, WebhookFailure};
use hub_store::{SqliteOptions, Store};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;
use twilio_chat::{
    app::App,
    config::Config,
    i18n::Lang,
    jobs, start,
    sys::{Clock as _, World},
    web::{PhoneLine, Settings, Web, routes},
};

use crate::{
    kept,
    model::{Model, Shelf},
    people::by,
    setup::Setup,
    wire::{HubLine, InProcess, TWILIO, ask},
    world::{Death, FakeClock, Mortality, Seeded, Trace, later},
};

/// Where Twilio reaches the hub.
pub(crate) const PUBLIC: &str = "https://hub.example.com";
/// Opens the API.
pub(crate) const API_TOKEN: &str = "token-of-the-tests";

/// One hub through all its lives: a process may end and another one take up its file.
pub(crate) struct TestHub {
    /// The other end, and the truth about what was sent.
    pub(crate) sim: Simulator,
    pub(crate) line: HubLine,
    /// The language model, for hubs that ask one.
    pub(crate) model: Arc<Model>,
    pub(crate) shelf: Arc<Shelf>,
    /// What was called and posted, in order.
    pub(crate) trace: Arc<Trace>,
    clock: Arc<FakeClock>,
    /// How far Twilio's clock is behind ours.
    behind: Arc<Mutex<Duration>>,
    random: Arc<Seeded>,
    setup: Setup,
    config: Config,
    life: Option<Life>,
    unreachable: Arc<AtomicBool>,
    refusing: Arc<AtomicBool>,
    /// Webhooks that Twilio is about to post.
    in_hand: VecDeque<Webhook>,
    /// Webhooks that were posted, in order, repeats included.
    posted: Vec<Webhook>,
    may_leave_jobs: bool,
    /// Jobs of a kind, and webhooks, under way at once.
    at_once: usize,
    dir: TempDir,
}

/// One process.
struct Life {
    app: App,
    store: Store,
    mortality: Arc<Mortality>,
    cookie: Option<String>,
}

impl TestHub {
    /// Without automatic replies, without caps, signatures on.
    pub(crate) async fn start() -> Self {
        Setup::new().start().await
    }

    pub(crate) async fn of(setup: Setup) -> Self {
        // These tests don't measure the disk: a folder in memory serves as well and is quicker.
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let config = setup.config(dir.path());
        if let Some(lines) = &setup.articles {
            std::fs::create_dir_all(&config.knowledge_folder).unwrap();
            std::fs::write(config.knowledge_folder.join("articles.jsonl"), lines).unwrap();
        }
        let clock = FakeClock::new();
        let (hands, behind) = (Arc::clone(&clock), Arc::new(Mutex::new(Duration::ZERO)));
        let difference = Arc::clone(&behind);
        let now = move || hands.now() - SignedDuration::try_from(*difference.lock().unwrap()).unwrap();
        let sim = Simulator::new(setup.sim.clone(), Arc::new(now));
        let public = public_base(&config);
        sim.set_inbound_url(format!("{public}/twilio/inbound"));
        sim.set_api_url(TWILIO.to_owned());
        let line = HubLine::default();
        let wire = line.clone();
        sim.set_deliver(Arc::new(move |webhook| {
            let (wire, public) = (wire.clone(), public.clone());
            Box::pin(async move { wire.deliver(&public, &webhook).await })
        }));
        let mut hub = Self {
            sim,
            line,
            model: Model::new(),
            shelf: Arc::default(),
            trace: Trace::new(Arc::clone(&clock)),
            clock,
            behind,
            random: Seeded::new(setup.seed),
            setup,
            config,
            life: None,
            unreachable: Arc::default(),
            refusing: Arc::default(),
            in_hand: VecDeque::new(),
            posted: Vec::new(),
            may_leave_jobs: false,
            at_once: 1,
            dir,
        };
        hub.restart().await;
        if let Some(text) = hub.setup.auto_reply.clone() {
            hub.store().change_auto_reply(true, text, by(), hub.now()).await.unwrap().unwrap();
        }
        if hub.setup.bot {
            hub.store().set_bot_enabled(true, by(), hub.now()).await.unwrap();
        }
        hub
    }

    /// A new process takes up the file, as `serve` does; one that still lives is killed.
    pub(crate) async fn restart(&mut self) {
        self.kill();
        let options = SqliteOptions {
            timing: self.setup.timing,
            prices: self.config.prices.clone(),
            busy_timeout: self.setup.busy_timeout,
            // A caller that waits in the middle of a read must not keep the jobs from theirs.
            readers: 2,
            ..SqliteOptions::new(&self.config.database)
        };
        let store = Store::open_sqlite(&options).unwrap();
        store.free_leases(start::SERVE_WORKER.to_owned(), self.now()).await.unwrap();
        let mortality = Arc::new(Mortality::default());
        let (app, web) = self.process(&store, &mortality).await;
        app.sweep_media().await.unwrap();
        app.take_up_sending().await.unwrap();
        self.line.connect(Some(routes::router(&web)));
        self.life = Some(Life { app, store, mortality, cookie: None });
    }

    async fn process(&self, store: &Store, mortality: &Arc<Mortality>) -> (App, Web) {
        let (clock, random) = (Arc::clone(&self.clock), Arc::clone(&self.random));
        let world = World::new(clock, random).failing(mortality.clone());
        let transport = InProcess {
            sim: self.sim.clone(),
            model: Arc::clone(&self.model),
            mortality: Arc::clone(mortality),
            trace: Arc::clone(&self.trace),
            line: self.line.clone(),
            unreachable: Arc::clone(&self.unreachable),
            refusing: Arc::clone(&self.refusing),
        };
        let (timing, config) = (self.setup.timing, &self.config);
        let transport: Arc<dyn hub_clients::Transport> = Arc::new(transport);
        let knowing = match self.setup.articles {
            Some(_) => start::librarian(config, &world, &timing),
            None => {
                start::Knowing { retriever: self.shelf.clone(), ..start::librarian(config, &world, &timing) }
            }
        };
        let memory = store.clone();
        let app =
            start::app_knowing(config, memory, world, timing, Arc::clone(&transport), 0, knowing).unwrap();
        if !self.config.demo {
            let raw = self.setup.raw(self.dir.path());
            let ground = start::Ground { raw, transport, timing, port: 0 };
            app.take_up_keys(Arc::new(ground), start::seal_key(config)).await.unwrap();
        }
        let simulator = self
            .config
            .demo
            .then(|| PhoneLine { simulator: self.sim.clone(), hub_number: self.number().to_owned() });
        let settings = Settings {
            api_token: self.config.api_token.clone(),
            secure_cookie: true,
            https: true,
            trusted_proxies: config.trusted_proxies.clone(),
            own_origins: vec![PUBLIC.to_owned()],
            lang: Lang::Pl,
            time_zone: self.config.time_zone.clone(),
            simulator,
        };
        (app.clone(), Web::new(app, settings))
    }

    /// The process ends here and now.
    pub(crate) fn kill(&mut self) {
        self.line.connect(None);
        if let Some(life) = self.life.take() {
            life.store.close();
        }
    }

    /// The process will end at that place.
    pub(crate) fn dies(&self, death: Death) {
        self.life().mortality.plan(Some(death));
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.life.is_some()
    }

    /// No connection to Twilio can be made, or it can be again.
    pub(crate) fn cut_off(&self, unreachable: bool) {
        self.unreachable.store(unreachable, Ordering::SeqCst);
    }

    /// Twilio answers every request with 401, or as usual again.
    pub(crate) fn refuse_credentials(&self, refusing: bool) {
        self.refusing.store(refusing, Ordering::SeqCst);
    }

    /// Lets everything happen that is due now: webhooks first, then jobs, until there is nothing left.
    pub(crate) async fn run(&mut self) {
        loop {
            self.in_hand.extend(self.sim.due_webhooks());
            if !self.in_hand.is_empty() {
                self.post_next_webhooks().await;
            } else if self.run_jobs().await == 0 {
                return;
            }
        }
    }

    /// Posts the webhooks that are due, once each, and runs no job.
    pub(crate) async fn post_webhooks(&mut self) {
        self.in_hand.extend(self.sim.due_webhooks());
        for _ in 0..self.in_hand.len() {
            self.post_next_webhooks().await;
            if self.in_hand.is_empty() {
                return;
            }
        }
    }

    /// Lets the recovery look and runs the jobs that are due; how many there were.
    pub(crate) async fn run_jobs(&mut self) -> usize {
        let Some(life) = &self.life else { return 0 };
        let app = life.app.clone();
        let (recovering, at_once) = (self.setup.recovering, self.at_once);
        let work = async move {
            let turns = if recovering { jobs::recover_due(&app).await } else { 0 };
            turns + jobs::run_due_at_once(&app, start::SERVE_WORKER, at_once).await
        };
        self.unless_dead(work).await.unwrap_or(0)
    }

    /// Twilio posts as many webhooks as are posted at once; a process that dies meanwhile leaves them without an
    /// answer.
    async fn post_next_webhooks(&mut self) {
        let count = self.at_once.min(self.in_hand.len());
        let webhooks: Vec<Webhook> = self.in_hand.drain(..count).collect();
        let (line, public) = (self.line.clone(), self.public_base());
        let posts = webhooks.clone();
        let posting = async move { join_all(posts.iter().map(|post| line.deliver(&public, post))).await };
        let cut = || Err(WebhookFailure::Read("connection reset".to_owned()));
        let results =
            self.unless_dead(posting).await.unwrap_or_else(|| webhooks.iter().map(|_| cut()).collect());
        for (webhook, result) in webhooks.into_iter().zip(results) {
            let outcome = match &result {
                Ok(answer) => answer.status.to_string(),
                Err(failure) => format!("{failure:?}"),
            };
            let told = webhook.param("MessageStatus").unwrap_or("inbound");
            self.trace.note(format!("{told} {} → {outcome}", webhook.sid));
            self.sim.webhook_answered(&webhook, &result);
            self.posted.push(webhook);
        }
    }

    /// So many jobs of a kind, and webhooks, are under way at once from now on. What a seed does is then decided
    /// by the machine too.
    pub(crate) fn at_once(&mut self, at_once: usize) {
        self.at_once = at_once;
    }

    /// Twilio posts an earlier webhook once more, out of its order.
    pub(crate) fn repeats(&mut self, luck: &Seeded) {
        if !self.posted.is_empty() {
            let at = usize::try_from(luck.below(self.posted.len().try_into().unwrap())).unwrap();
            self.in_hand.push_back(self.posted[at].clone());
        }
    }

    /// Ends with `None`, and buries the process, when it dies at a planned place meanwhile.
    pub(crate) async fn unless_dead<T>(&mut self, doing: impl Future<Output = T>) -> Option<T> {
        let Some(life) = &self.life else { return Some(doing.await) };
        let mortality = Arc::clone(&life.mortality);
        let done = tokio::select! {
            biased;
            () = mortality.death() => None,
            done = doing => Some(done),
        };
        if done.is_none() {
            self.trace.note("the process dies".to_owned());
            self.kill();
        }
        done
    }

    /// Moves the clock from one thing that is due to the next, and lets each happen.
    pub(crate) async fn advance(&mut self, pause: Duration) {
        let until = later(self.now(), pause);
        let mut stuck = 0;
        self.run().await;
        while let Some(next) = self.next_due().await.filter(|next| *next <= until) {
            stuck = if next <= self.now() { stuck + 1 } else { 0 };
            assert!(stuck < 100, "something stays due and never happens: {:?}", self.open_jobs());
            self.clock.set(next.max(self.now()));
            self.run().await;
        }
        self.clock.set(until);
        self.run().await;
    }

    /// Moves the clock without letting anything happen on the way.
    pub(crate) fn jump(&self, pause: Duration) {
        self.clock.set(later(self.now(), pause));
    }

    /// Twilio's clock shows an earlier time than ours from now on.
    pub(crate) fn twilios_clock_is_behind(&self, difference: Duration) {
        *self.behind.lock().unwrap() = difference;
    }

    async fn next_due(&self) -> Option<Timestamp> {
        let (mut job, mut recovery) = (None, None);
        if let Some(life) = &self.life {
            job = life.store.next_due().await.unwrap();
            if self.setup.recovering {
                recovery = life.app.recovery_due().await.unwrap();
            }
        }
        let twilio = self.sim.next_due().map(|at| later(at, *self.behind.lock().unwrap()));
        job.into_iter().chain(recovery).chain(twilio).min()
    }

    fn life(&self) -> &Life {
        self.life.as_ref().expect("the process lives")
    }

    pub(crate) fn app(&self) -> &App {
        &self.life().app
    }

    pub(crate) fn store(&self) -> &Store {
        &self.life().store
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn public_base(&self) -> String {
        public_base(&self.config)
    }

    /// Signs Twilio's webhooks.
    pub(crate) fn auth_token(&self) -> &str {
        &self.setup.sim.auth_token
    }

    /// The number people write to.
    pub(crate) fn number(&self) -> &str {
        &self.setup.sim.numbers[0]
    }

    /// The session of the admin: of the first account, which the printed link opens, or of the demo.
    pub(crate) async fn session(&mut self) -> String {
        if let Some(cookie) = &self.life().cookie {
            return cookie.clone();
        }
        let link = self.app().new_sign_in_link();
        let request = Request::get(format!("/sign-in?token={link}")).body(axum::body::Body::empty());
        let answer = self.ask(request.unwrap()).await;
        let cookie = if answer.status == 303 {
            answer.cookie()
        } else {
            self.makes_first_account(&link, "ewa", crate::people::PASSWORD).await.cookie()
        };
        self.life.as_mut().unwrap().cookie = Some(cookie.clone());
        cookie
    }

    /// Work may be left when the test ends.
    pub(crate) fn may_leave_jobs(&mut self) {
        self.may_leave_jobs = true;
    }

    /// The folder of the hub's data.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Someone deletes something at Twilio, beside the hub.
    pub(crate) async fn sim_deletes(&self, path: &str) {
        let config = &self.setup.sim;
        let credentials = STANDARD.encode(format!("{}:{}", config.account_sid, config.auth_token));
        let request = Request::delete(path).header("authorization", format!("Basic {credentials}"));
        let answer = ask(self.sim.router(), request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
    }

    /// The names of the kept attachments, in order.
    pub(crate) fn attachments(&self) -> Vec<String> {
        let mut names = Vec::new();
        for folder in std::fs::read_dir(self.dir.path().join("media")).into_iter().flatten() {
            let files = std::fs::read_dir(folder.unwrap().path()).unwrap();
            names.extend(files.map(|file| file.unwrap().file_name().into_string().unwrap()));
        }
        names.sort();
        names
    }

    /// The bytes of every file beside the database.
    pub(crate) fn files(&self) -> Vec<Vec<u8>> {
        let files = std::fs::read_dir(self.dir.path()).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.is_file()).map(|path| std::fs::read(path).unwrap()).collect()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.dir.path().join("hub.db")
    }

    /// Another process holds the database's write lock until the connection is dropped.
    pub(crate) fn locked_by_another_process(&self) -> Connection {
        let connection = Connection::open(self.database()).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        connection
    }

    /// Reads the file as it lies on disk, beside or without a process.
    pub(crate) fn on_disk(&self, sql: &str) -> Vec<String> {
        let connection =
            Connection::open_with_flags(self.database(), OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map((), |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    pub(crate) fn open_jobs(&self) -> Vec<String> {
        self.on_disk(
            "SELECT kind || ' of ' || message || CASE WHEN set_aside THEN ' set aside: ' || coalesce(last_error, '')
               ELSE '' END FROM job ORDER BY id",
        )
    }
}

/// Where Twilio would reach a hub that has no address too.
fn public_base(config: &Config) -> String {
    config.public_base_url.as_ref().map_or(PUBLIC, |url| url.as_str()).to_owned()
}

impl Drop for TestHub {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let left = self.open_jobs();
        self.kill();
        kept::check(&self.database());
        assert!(self.may_leave_jobs || left.is_empty(), "work is left: {left:?}");
    }
}
