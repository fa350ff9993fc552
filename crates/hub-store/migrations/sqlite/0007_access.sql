-- Who may enter: users, their sessions, API tokens, and what was done by whom. New tables only: takes no time
-- on a database of any size.

CREATE TABLE user (
  row         INTEGER PRIMARY KEY,
  id          BLOB NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  -- The name without case: what makes two names the same.
  name_key    TEXT NOT NULL UNIQUE,
  -- Argon2id in its usual text form; NULL: nobody signs in by password (the demo's admin).
  password    TEXT,
  role        TEXT NOT NULL,
  -- NULL: as the program speaks.
  language    TEXT,
  theme       TEXT NOT NULL DEFAULT 'system',
  created_at  INTEGER NOT NULL,
  disabled_at INTEGER
) STRICT;

-- Only the hash of a session's secret: who reads this file can't enter with it.
CREATE TABLE session (
  id         INTEGER PRIMARY KEY,
  secret     BLOB NOT NULL UNIQUE,
  user       INTEGER NOT NULL REFERENCES user (row) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  -- Written at most once a minute.
  seen_at    INTEGER NOT NULL,
  -- What the browser calls itself and the network it came from, both shortened.
  agent      TEXT NOT NULL,
  network    TEXT NOT NULL
) STRICT;
CREATE INDEX session_by_user ON session (user, id);
CREATE INDEX session_by_age ON session (seen_at);

CREATE TABLE api_token (
  id         INTEGER PRIMARY KEY,
  secret     BLOB NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  scopes     TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- Written at most once a minute.
  used_at    INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE TABLE audit (
  id      INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  -- The name of who did it, as it was then.
  actor   TEXT NOT NULL,
  action  TEXT NOT NULL,
  -- Whom or what it was done to, where that is somebody or something else.
  subject TEXT NOT NULL,
  -- The network it came from.
  network TEXT NOT NULL
) STRICT;
