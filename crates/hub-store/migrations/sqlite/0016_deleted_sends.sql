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

-- Whose texts a receipt holds, so that what is redacted or deleted leaves the receipts of later answers too. Receipts
-- are few beside the messages: the update and the index read them once.
ALTER TABLE receipt ADD COLUMN contact INTEGER REFERENCES contact (id) ON DELETE CASCADE;
ALTER TABLE receipt ADD COLUMN redacted INTEGER NOT NULL DEFAULT 0;
UPDATE receipt SET contact = (SELECT contact FROM message WHERE row = coalesce(receipt.message, receipt.answer));
-- What was redacted before leaves them now.
UPDATE receipt SET prompt = '[]', words = NULL, redacted = 1
  WHERE EXISTS (SELECT 1 FROM message m WHERE m.contact = receipt.contact AND m.redacted = 1
                  AND m.created_at <= receipt.created_at);
CREATE INDEX receipt_by_contact ON receipt (contact, created_at) WHERE contact IS NOT NULL AND redacted = 0;
