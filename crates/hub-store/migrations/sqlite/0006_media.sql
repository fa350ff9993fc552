-- Attachments that came in are fetched and kept. Only added columns with defaults: quick at any size, but for
-- the index, which reads the attachments once.

-- elsewhere: not ours to fetch; waiting: a job will; stored: on our disk; lost: never, see error.
ALTER TABLE media ADD COLUMN state TEXT NOT NULL DEFAULT 'elsewhere'
  CHECK (state IN ('elsewhere', 'waiting', 'stored', 'lost'));
-- The name of the file under the media folder, in hexadecimal; equal contents share one file.
ALTER TABLE media ADD COLUMN sha256 TEXT;
-- By the content, never as declared.
ALTER TABLE media ADD COLUMN stored_type TEXT;
ALTER TABLE media ADD COLUMN size INTEGER;
ALTER TABLE media ADD COLUMN error TEXT;
CREATE INDEX media_by_file ON media (sha256) WHERE sha256 IS NOT NULL;

-- Files that no attachment refers to any more, to be removed from the disk.
CREATE TABLE media_doomed (
  sha256 TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
