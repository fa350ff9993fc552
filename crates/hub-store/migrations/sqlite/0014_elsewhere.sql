-- What the recovery must leave alone: numbers of the account that another application answers, and what was deleted.

-- Numbers whose messages a webhook has brought here: they are this hub's, wherever their webhook leads by now.
-- Reads every text once: a few seconds on a million messages.
CREATE TABLE heard (our_address TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO heard (our_address) SELECT DISTINCT to_address FROM message
 WHERE direction = 'inbound' AND recovered = 0 AND reply_decision IS NOT 'imported';

-- Messages deleted lately: a page of Twilio's list that was read before must not bring them back.
CREATE TABLE deleted (
  sid TEXT PRIMARY KEY,
  at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deleted_by_age ON deleted (at);

-- Whether the queue stands still since Twilio's list was refused; no message has been since.
ALTER TABLE sending_stop ADD COLUMN by_reading INTEGER NOT NULL DEFAULT 0;
