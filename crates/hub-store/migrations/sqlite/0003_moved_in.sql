-- Standing orders of the hub, with the columns that an installation of the original program brings along.
-- Rows brought by an import carry imported_at; original_key tells a second import that it is the same row.

-- A text that goes out again and again.
CREATE TABLE reminder (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  to_address    TEXT NOT NULL,
  body          TEXT NOT NULL,
  every_seconds INTEGER NOT NULL,
  enabled       INTEGER NOT NULL,
  last_sent_at  INTEGER,
  -- May lie far in the past after an import: runs missed there are not caught up.
  next_run_at   INTEGER,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  imported_at   INTEGER,
  original_key  BLOB UNIQUE
) STRICT;
CREATE INDEX reminder_due ON reminder (next_run_at) WHERE enabled = 1;

-- One text to many people.
CREATE TABLE campaign (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  body         TEXT NOT NULL,
  -- Our number or Messaging Service as it was when the campaign was written.
  sender       TEXT,
  -- pending, processing, completed, completed_with_errors, failed, or interrupted: an import found it
  -- unfinished, and it never goes on by itself.
  status       TEXT NOT NULL,
  error        TEXT,
  created_at   INTEGER NOT NULL,
  scheduled_at INTEGER,
  started_at   INTEGER,
  completed_at INTEGER,
  imported_at  INTEGER,
  original_key BLOB UNIQUE
) STRICT;

CREATE TABLE campaign_recipient (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  campaign   INTEGER NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
  -- As a person typed it, and what was made of it; NULL: not a number.
  typed      TEXT NOT NULL,
  to_address TEXT,
  -- pending, sent, failed, invalid.
  status     TEXT NOT NULL,
  sid        TEXT,
  error      TEXT,
  created_at INTEGER NOT NULL,
  sent_at    INTEGER
) STRICT;
CREATE INDEX campaign_recipient_by_campaign ON campaign_recipient (campaign, id);

-- A word that a customer's text may begin with, and whether it is acted upon.
CREATE TABLE listener (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  command     TEXT NOT NULL UNIQUE,
  enabled     INTEGER NOT NULL,
  description TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL
) STRICT;

-- Who gets the daily digest, and when.
CREATE TABLE digest_recipient (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  to_address     TEXT NOT NULL,
  prompt         TEXT NOT NULL,
  -- HH:MM in the hub's time zone.
  at_time        TEXT NOT NULL,
  enabled        INTEGER NOT NULL,
  -- One paragraph for every category, rather than an answer to the prompt alone.
  all_categories INTEGER NOT NULL,
  last_sent_at   INTEGER,
  created_at     INTEGER NOT NULL,
  imported_at    INTEGER,
  UNIQUE (to_address, at_time)
) STRICT;
