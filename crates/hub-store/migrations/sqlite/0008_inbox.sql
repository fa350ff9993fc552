-- What the inbox and the dashboard are served from, kept by the units that change it.
-- Reads every message a few times, once: seconds to tens of seconds on a million (estimated, not measured).

-- Unread: texts of theirs above the last row that somebody has read.
ALTER TABLE contact ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN first_unread INTEGER;
ALTER TABLE contact ADD COLUMN last_inbound INTEGER;
-- The newest message that failed and was not sent again.
ALTER TABLE contact ADD COLUMN last_failed INTEGER;
-- The newest text that was left to a person and that nobody has answered since, and why.
ALTER TABLE contact ADD COLUMN left_message INTEGER;
ALTER TABLE contact ADD COLUMN left_why TEXT;
-- Whether a person is needed: what hub_domain::attention says of left_* and of held messages.
ALTER TABLE contact ADD COLUMN attention TEXT;
ALTER TABLE contact ADD COLUMN attention_message INTEGER;
-- The person is on the suppression list.
ALTER TABLE contact ADD COLUMN opted_out INTEGER NOT NULL DEFAULT 0;
-- Who gave the name: NULL the person's own profile, else the user's identifier or 'api'.
ALTER TABLE contact ADD COLUMN named_by TEXT;

-- Which of our people wrote it; NULL: no person, or one from before there were accounts.
ALTER TABLE message ADD COLUMN author BLOB;
-- The failed message that this one sends again.
ALTER TABLE message ADD COLUMN retry_of INTEGER REFERENCES message (row);
CREATE UNIQUE INDEX message_retry ON message (retry_of) WHERE retry_of IS NOT NULL;
CREATE INDEX message_failed ON message (contact, row) WHERE status IN ('failed', 'undelivered');
CREATE INDEX IF NOT EXISTS message_held_by_contact ON message (contact, row) WHERE status = 'held';

-- Everything from before counts as read.
UPDATE contact SET
  last_inbound = (SELECT max(row) FROM message WHERE contact = contact.id AND +direction = 'inbound'),
  opted_out = EXISTS (SELECT 1 FROM suppression WHERE person = contact.person);
UPDATE contact SET last_failed = failed.row
  FROM (SELECT contact, max(row) AS row FROM message WHERE status IN ('failed', 'undelivered') GROUP BY contact)
    AS failed WHERE failed.contact = contact.id;
UPDATE contact SET attention = 'held', attention_message = held.row
  FROM (SELECT contact, max(row) AS row FROM message WHERE status = 'held' GROUP BY contact) AS held
  WHERE held.contact = contact.id;

CREATE INDEX contact_unread ON contact (last_inbound) WHERE unread > 0;
CREATE INDEX contact_attention ON contact (attention_message) WHERE attention_message IS NOT NULL;
CREATE INDEX contact_failed ON contact (last_failed) WHERE last_failed IS NOT NULL;
CREATE INDEX contact_opted_out ON contact (last_message) WHERE opted_out = 1 AND last_message IS NOT NULL;

-- The words of a contact's name, lower-case and without diacritics, for search by their beginnings.
CREATE TABLE contact_word (
  word    TEXT NOT NULL,
  contact INTEGER NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
  PRIMARY KEY (word, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_word_by_contact ON contact_word (contact);

-- A text being written to somebody. Saved anew it gets a new, higher number.
CREATE TABLE draft (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  contact  INTEGER NOT NULL UNIQUE REFERENCES contact (id) ON DELETE CASCADE,
  body     TEXT NOT NULL,
  author   BLOB,
  saved_at INTEGER NOT NULL
) STRICT;

-- Who changed a consent by hand, and the words or the note it rests on.
ALTER TABLE consent_log ADD COLUMN author BLOB;
ALTER TABLE consent_log ADD COLUMN note TEXT;

-- Messages written in one UTC hour, and what has become of them so far.
CREATE TABLE hour (
  hour      INTEGER PRIMARY KEY,
  inbound   INTEGER NOT NULL DEFAULT 0,
  outbound  INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  failed    INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO hour (hour, inbound, outbound, delivered, failed)
  SELECT created_at / 3600000000, sum(direction = 'inbound'), sum(direction = 'outbound'),
    sum(status IN ('partially_delivered', 'delivered', 'read')), sum(status IN ('failed', 'undelivered'))
  FROM message WHERE created_at >= 0 GROUP BY 1;
INSERT INTO counter (name, value) SELECT 'waiting', count(*) FROM message WHERE status IN ('pending', 'unknown', 'held');
INSERT INTO counter (name, value) SELECT 'failed', count(*) FROM message WHERE status IN ('failed', 'undelivered');

-- Words of the messages, normalised by hub_domain::text; the texts themselves stand in message. Filled a
-- moment later, beside the webhooks: progress 'search' says up to which row.
CREATE VIRTUAL TABLE message_text USING fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- Messages of campaigns, reminders and digests leave after answers: a place more for delivery.
UPDATE job SET priority = priority + 1 WHERE priority > 2;
