-- The core: people, messages, attempts, durable jobs, events, settings, consent.
-- Times are microseconds since 1970 UTC. Identifiers of ours are UUIDv7 as 16-byte blobs.

CREATE TABLE contact (
  id         INTEGER PRIMARY KEY,
  -- The same person over SMS and WhatsApp: the bare number, else the lower-cased address.
  person     TEXT NOT NULL UNIQUE,
  name       TEXT,
  mode       TEXT NOT NULL DEFAULT 'auto' CHECK (mode IN ('auto', 'draft', 'human')),
  mode_until INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE conversation (
  id              INTEGER PRIMARY KEY,
  contact         INTEGER NOT NULL REFERENCES contact (id),
  -- Our number, or the Messaging Service while it has not chosen one.
  our_address     TEXT NOT NULL,
  their_address   TEXT NOT NULL,
  last_inbound_at INTEGER,
  UNIQUE (their_address, our_address)
) STRICT;
CREATE INDEX conversation_by_contact ON conversation (contact);

CREATE TABLE message (
  row            INTEGER PRIMARY KEY AUTOINCREMENT,
  id             BLOB NOT NULL UNIQUE,
  sid            TEXT UNIQUE,
  -- Set when the SID was concluded from Twilio's list, not told by an answer or a callback.
  sid_inferred   INTEGER NOT NULL DEFAULT 0,
  direction      TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
  conversation   INTEGER NOT NULL REFERENCES conversation (id),
  contact        INTEGER NOT NULL REFERENCES contact (id),
  from_address   TEXT NOT NULL,
  to_address     TEXT NOT NULL,
  -- Messaging Service to send through instead of from_address.
  service        TEXT,
  body           TEXT NOT NULL,
  media_count    INTEGER NOT NULL DEFAULT 0,
  status         TEXT NOT NULL,
  error_code     INTEGER,
  -- The status that carried error_code: an error is overruled by a higher one only.
  error_status   TEXT,
  error_text     TEXT,
  origin         TEXT,
  -- Template, bot …: counts against the caps.
  automatic      INTEGER NOT NULL DEFAULT 0,
  -- Inbound: what was decided about an answer. Outbound reply: the message it answers.
  reply_decision TEXT,
  reply_to       INTEGER REFERENCES message (row),
  -- Inbound: fields of the webhook that have no column, as JSON [[name, value], …].
  other_fields   TEXT,
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX message_by_contact ON message (contact, row);
CREATE INDEX message_by_direction ON message (direction, row);
CREATE INDEX message_held ON message (row) WHERE status = 'held';
CREATE INDEX message_automatic ON message (contact, created_at) WHERE automatic = 1;

CREATE TABLE media (
  message      INTEGER NOT NULL REFERENCES message (row) ON DELETE CASCADE,
  position     INTEGER NOT NULL,
  url          TEXT NOT NULL,
  content_type TEXT,
  PRIMARY KEY (message, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
  id           BLOB PRIMARY KEY,
  message      INTEGER NOT NULL REFERENCES message (row) ON DELETE CASCADE,
  started_at   INTEGER NOT NULL,
  finished_at  INTEGER,
  -- NULL: the call is in flight (or its process died). ambiguous: being looked up.
  outcome      TEXT CHECK (outcome IN
    ('accepted', 'refused', 'not_sent', 'ambiguous', 'absent', 'undecided')),
  sid          TEXT,
  http_status  INTEGER,
  code         INTEGER,
  detail       TEXT,
  absent_looks INTEGER NOT NULL DEFAULT 0,
  failed_looks INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_by_message ON attempt (message);
CREATE INDEX attempt_unresolved ON attempt (message) WHERE outcome IS NULL OR outcome = 'ambiguous';

-- Every status callback as it came, known SID or not.
CREATE TABLE status_report (
  id          INTEGER PRIMARY KEY,
  sid         TEXT NOT NULL,
  message     INTEGER REFERENCES message (row) ON DELETE CASCADE,
  attempt     BLOB,
  status      TEXT NOT NULL,
  error_code  INTEGER,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX status_report_unmatched ON status_report (sid) WHERE message IS NULL;
CREATE INDEX status_report_by_message ON status_report (message);

CREATE TABLE job (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  kind       TEXT NOT NULL,
  -- One effect, one key: a second job for the same effect can't be written.
  key        TEXT NOT NULL UNIQUE,
  message    INTEGER NOT NULL REFERENCES message (row) ON DELETE CASCADE,
  attempt    BLOB,
  -- Deliver jobs of one conversation leave in order.
  lane       INTEGER,
  hold_until INTEGER,
  priority   INTEGER NOT NULL,
  -- When it may be taken; while leased, when the lease ends.
  due_at     INTEGER NOT NULL,
  leased_by  TEXT,
  -- Grows with every lease: a worker whose lease ran out can't finish what another one took.
  fence      INTEGER NOT NULL DEFAULT 0,
  failures   INTEGER NOT NULL DEFAULT 0,
  refusals   INTEGER NOT NULL DEFAULT 0,
  set_aside  INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX job_due ON job (priority, due_at) WHERE set_aside = 0;
CREATE INDEX job_lane ON job (lane, priority, id) WHERE lane IS NOT NULL AND set_aside = 0;
CREATE INDEX job_by_message ON job (message);

-- What changed, for live panels.
CREATE TABLE event (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  kind    TEXT NOT NULL,
  contact INTEGER NOT NULL,
  message INTEGER NOT NULL,
  at      INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
  key        TEXT PRIMARY KEY,
  value      TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE suppression (
  person TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  since  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE consent_log (
  id      INTEGER PRIMARY KEY,
  person  TEXT NOT NULL,
  change  TEXT NOT NULL CHECK (change IN ('opt_out', 'opt_in')),
  source  TEXT NOT NULL,
  message INTEGER,
  at      INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_log_by_person ON consent_log (person);
CREATE INDEX consent_log_by_message ON consent_log (message) WHERE message IS NOT NULL;

-- Automatic replies written in one second, kept for two minutes: the cap of the minute reads 60 rows.
CREATE TABLE automatic_second (
  second  INTEGER PRIMARY KEY,
  written INTEGER NOT NULL
) STRICT;

-- One row that the health check writes: proof that a commit still reaches the disk.
CREATE TABLE heartbeat (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL
) STRICT;
