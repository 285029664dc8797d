-- Whole worlds, saved to be put back. The table is no part of any of them.
CREATE TABLE sandbox_snapshots (
    snapshot_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- What the business clock showed, and what the wall clock did.
    at BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    rows_kept BIGINT NOT NULL,
    faults TEXT NOT NULL,
    world TEXT NOT NULL
);
