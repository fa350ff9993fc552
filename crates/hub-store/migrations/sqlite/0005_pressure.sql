-- Delivery under pressure. Columns with constant defaults and one new table: the same few milliseconds at any size.

-- Where those that wait without a moment of their own ask again, and until when Twilio's queue is full.
ALTER TABLE pace ADD COLUMN tail_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pace ADD COLUMN paused_until INTEGER NOT NULL DEFAULT 0;

-- A delivery that waits for its sender's pace: until when, and whether that moment is kept for it.
ALTER TABLE job ADD COLUMN slot_at INTEGER;
ALTER TABLE job ADD COLUMN slot_kept INTEGER NOT NULL DEFAULT 0;
-- When its first call certainly did not get through.
ALTER TABLE job ADD COLUMN refused_since INTEGER;

-- Whether the queue stands still because Twilio refuses our account: one row, none before the first time.
CREATE TABLE sending_stop (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  -- NULL: messages leave.
  stopped_at  INTEGER,
  http_status INTEGER NOT NULL,
  code        INTEGER,
  -- A fingerprint of the credentials that were refused.
  credentials BLOB NOT NULL,
  -- When one message may try.
  probe_at    INTEGER NOT NULL,
  -- When the queue last went on.
  resumed_at  INTEGER
) STRICT;

-- Who gave the contact its name: a person at the desk, or the customer's own WhatsApp profile.
ALTER TABLE contact ADD COLUMN name_source TEXT CHECK (name_source IN ('person', 'profile'));
