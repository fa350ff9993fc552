-- Every message operation: activity of contacts, parts, templates, idempotent sends, pacing, recovery.

-- The conversation list and the counts must cost the same at a thousand and at a million messages, so they
-- are kept beside the messages instead of being counted.
ALTER TABLE contact ADD COLUMN last_message INTEGER;
ALTER TABLE contact ADD COLUMN message_count INTEGER NOT NULL DEFAULT 0;
UPDATE contact SET
  last_message = (SELECT max(row) FROM message WHERE contact = contact.id),
  message_count = (SELECT count(*) FROM message WHERE contact = contact.id);
CREATE INDEX contact_by_activity ON contact (last_message) WHERE last_message IS NOT NULL;

CREATE TABLE counter (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value)
  SELECT 'messages_' || direction, count(*) FROM message GROUP BY direction;

-- A long text leaves as several messages; the next part is sent after the former has left.
ALTER TABLE message ADD COLUMN first_part INTEGER REFERENCES message (row);
ALTER TABLE message ADD COLUMN part INTEGER NOT NULL DEFAULT 1;
ALTER TABLE message ADD COLUMN parts INTEGER NOT NULL DEFAULT 1;
CREATE INDEX message_parts ON message (first_part, part) WHERE first_part IS NOT NULL;
-- Deleting a message must not read all others to find its answers.
CREATE INDEX message_answers ON message (reply_to) WHERE reply_to IS NOT NULL;

-- Lists of one state. What came in is found by its direction, and most of what went out is delivered.
CREATE INDEX message_by_state ON message (status, row) WHERE status NOT IN ('received', 'delivered');

-- A template of Twilio's (HX…) instead of a text, with its variables as a JSON object.
ALTER TABLE message ADD COLUMN content_sid TEXT;
ALTER TABLE message ADD COLUMN content_variables TEXT;

-- What Twilio told about it: its own clock, segments, price (decimal text) and currency.
ALTER TABLE message ADD COLUMN remote_created_at INTEGER;
ALTER TABLE message ADD COLUMN segments INTEGER;
ALTER TABLE message ADD COLUMN price TEXT;
ALTER TABLE message ADD COLUMN price_unit TEXT;
-- Fetched from Twilio's list because its webhook never reached us.
ALTER TABLE message ADD COLUMN recovered INTEGER NOT NULL DEFAULT 0;
-- The text was blanked here and at Twilio.
ALTER TABLE message ADD COLUMN redacted INTEGER NOT NULL DEFAULT 0;

-- When Twilio is asked about a message of ours that it took and has not finished; NULL: no need.
ALTER TABLE message ADD COLUMN poll_at INTEGER;
CREATE INDEX message_poll ON message (poll_at) WHERE poll_at IS NOT NULL;

-- A caller's own key for a send: the same key again is the same message.
CREATE TABLE idempotency (
  key         TEXT PRIMARY KEY,
  -- Hash of what was asked for: the same key for something else is an error.
  fingerprint BLOB NOT NULL,
  message     INTEGER NOT NULL REFERENCES message (row) ON DELETE CASCADE,
  created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_message ON idempotency (message);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- Pacing per sender: when its next segment may leave, in microseconds. Holds across restarts and processes.
CREATE TABLE pace (
  sender  TEXT PRIMARY KEY,
  next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where recovery stands: one JSON value a walk through Twilio's list.
CREATE TABLE progress (
  name       TEXT PRIMARY KEY,
  value      TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
