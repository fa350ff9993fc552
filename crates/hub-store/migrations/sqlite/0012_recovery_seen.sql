-- The dashboard tells what was recovered until somebody has seen it. Reports from before it did so are old news and
-- count as seen; a walk under way may still find something.
-- One row, found by the table's own order: done at once.
INSERT INTO setting (key, value, updated_at)
SELECT 'recovery_seen', CAST(max(id) AS TEXT), unixepoch() * 1000000 FROM recovery WHERE ended_at IS NOT NULL
HAVING max(id) IS NOT NULL
ON CONFLICT (key) DO NOTHING;
