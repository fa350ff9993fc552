-- The assistant, what keeps automatic messages within bounds, and the evidence of consent.
-- On a million messages: columns are added without touching rows, the two indexes are on small tables; well below
-- a second.

-- The built-in listeners, as the original program seeds them; untouched ones (updated_at = 0) give way to an import.
INSERT INTO listener (command, enabled, description, created_at, updated_at) VALUES
  ('/news', 0, 'Pytanie do bazy wiedzy: /news <pytanie>', 0, 0),
  ('*', 1, 'Każda inna wiadomość: auto-odpowiedź', 0, 0)
  ON CONFLICT (command) DO NOTHING;
-- What is said to a word of the operator's; NULL for the built-in ones.
ALTER TABLE listener ADD COLUMN answer TEXT;

-- The conversation that a model reads begins after this row: it was handed over to a person there.
ALTER TABLE contact ADD COLUMN context_after INTEGER NOT NULL DEFAULT 0;

-- Whether an address is one of ours.
CREATE INDEX conversation_by_ours ON conversation (our_address);

-- What a message costs, in millionths of the account's currency: estimated when written, then as Twilio says.
ALTER TABLE message ADD COLUMN cost INTEGER;

-- Spent on a day (UTC, as 2026-11-26): messages and models.
CREATE TABLE spending (
  day    TEXT PRIMARY KEY,
  micros INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One call to a model: what it was told, what it wrote, what became of it.
CREATE TABLE receipt (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  -- The inbound message it was asked about; NULL: a person asked.
  message           INTEGER REFERENCES message (row) ON DELETE CASCADE,
  -- The first part of the answer, if it became one.
  answer            INTEGER REFERENCES message (row) ON DELETE CASCADE,
  -- answer, draft, news, send
  purpose           TEXT NOT NULL,
  decision          TEXT NOT NULL,
  model             TEXT NOT NULL,
  -- JSON: [{role, content}, …] and [{title, url, text, score}, …]
  prompt            TEXT NOT NULL,
  passages          TEXT NOT NULL,
  -- As the model wrote them, before they were judged.
  words             TEXT,
  error             TEXT,
  prompt_tokens     INTEGER,
  completion_tokens INTEGER,
  cost              INTEGER,
  millis            INTEGER NOT NULL,
  created_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX receipt_by_message ON receipt (message) WHERE message IS NOT NULL;
CREATE INDEX receipt_by_answer ON receipt (answer) WHERE answer IS NOT NULL;

-- What a model proposes to say; a person sends it or not. The newest of a contact.
CREATE TABLE proposal (
  contact    INTEGER PRIMARY KEY REFERENCES contact (id) ON DELETE CASCADE,
  message    INTEGER NOT NULL REFERENCES message (row) ON DELETE CASCADE,
  body       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX proposal_by_message ON proposal (message);

-- What should have been said: replayed when the instruction changes. Kept apart from the messages, whose people
-- may be erased.
CREATE TABLE assistant_case (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  question   TEXT NOT NULL,
  -- What was said, and what should have been.
  said       TEXT NOT NULL,
  expected   TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- The list, newest first.
CREATE INDEX suppression_by_time ON suppression (since, person);
