-- What was sent and deleted since must not leave again when its caller repeats the request: the caller's key outlives
-- its message, and so does the identifier that the caller's client made. Both for a week.
CREATE TABLE kept_key (
  key         TEXT PRIMARY KEY,
  fingerprint BLOB NOT NULL,
  -- NULL: deleted since.
  message     INTEGER REFERENCES message (row) ON DELETE SET NULL,
  created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO kept_key (key, fingerprint, message, created_at)
  SELECT key, fingerprint, message, created_at FROM idempotency;
DROP TABLE idempotency;
ALTER TABLE kept_key RENAME TO idempotency;
CREATE INDEX idempotency_by_message ON idempotency (message) WHERE message IS NOT NULL;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE deleted_send (
  id         BLOB PRIMARY KEY,
  deleted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deleted_send_by_age ON deleted_send (deleted_at);
