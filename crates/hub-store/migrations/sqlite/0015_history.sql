-- History stands below the messages that are indexed for search already; the index takes it from this list. Reads the
-- messages that an earlier import numbered below the first, which were never indexed: none on most databases, about
-- a second on a million (estimated).
CREATE TABLE unindexed (
  message INTEGER PRIMARY KEY REFERENCES message (row) ON DELETE CASCADE
) STRICT;
INSERT INTO unindexed (message) SELECT row FROM message WHERE row <= 0;
