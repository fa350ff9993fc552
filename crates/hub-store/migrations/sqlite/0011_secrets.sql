-- Keys entered in the panel, sealed before they come here; the key that opens them is kept elsewhere.
-- A new table: nothing to read, done at once.
CREATE TABLE secret (
  name TEXT PRIMARY KEY,
  nonce BLOB NOT NULL,
  sealed BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;
