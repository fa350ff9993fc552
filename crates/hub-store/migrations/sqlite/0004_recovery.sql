-- Recovery: what was missed while Twilio could not reach us, and statuses that stay open.
-- On a million messages: the update and both indexes touch a day's open and a handful of held messages; well
-- below a second.

-- A walk through Twilio's list that found something or failed; the walk under way has a row too.
CREATE TABLE recovery (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  began_at INTEGER NOT NULL,
  ended_at INTEGER,
  -- Twilio's messages were read down to this time.
  floor    INTEGER NOT NULL,
  inbound  INTEGER NOT NULL DEFAULT 0,
  outbound INTEGER NOT NULL DEFAULT 0,
  -- Statuses whose reports were overdue.
  statuses INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  error    TEXT
) STRICT;
CREATE INDEX recovery_told ON recovery (id) WHERE inbound + outbound + statuses + failures > 0;

-- Seen in Twilio's list and not here. Empty but for minutes: the walk goes from new to old, and they are kept
-- from old to new.
CREATE TABLE missed (
  -- Grows as the walk goes down: within a second the higher one is older.
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  sid        TEXT NOT NULL UNIQUE,
  report     INTEGER REFERENCES recovery (id),
  -- Before this its webhook may still come, or a lookup may find it.
  ready_at   INTEGER NOT NULL,
  direction  TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
  them       TEXT NOT NULL,
  us         TEXT NOT NULL,
  service    TEXT,
  body       TEXT NOT NULL,
  media      INTEGER NOT NULL,
  status     TEXT,
  error_code INTEGER,
  created_at INTEGER,
  segments   INTEGER,
  price      TEXT,
  price_unit TEXT
) STRICT;
CREATE INDEX missed_by_time ON missed (created_at, seq DESC);
CREATE INDEX missed_ready ON missed (ready_at);
CREATE INDEX missed_by_report ON missed (report);

-- The walk that brought a message.
ALTER TABLE message ADD COLUMN recovery INTEGER REFERENCES recovery (id);
CREATE INDEX message_recovery ON message (recovery) WHERE recovery IS NOT NULL;

-- How often Twilio was asked about it, see poll_at.
ALTER TABLE message ADD COLUMN polls INTEGER NOT NULL DEFAULT 0;
UPDATE message SET poll_at = updated_at + 600000000
 WHERE status IN ('accepted', 'queued', 'sending', 'sent') AND direction = 'outbound' AND sid IS NOT NULL
   AND created_at > (unixepoch() - 86400) * 1000000;

-- At most one held automatic answer a person.
CREATE INDEX message_held_by_contact ON message (contact, row) WHERE status = 'held';
