CREATE TABLE jobs (
    job_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    state TEXT NOT NULL 
        CHECK (state = 'waiting' OR state = 'running' OR state = 'failed'),
    leased_until BIGINT,
    owner TEXT,
    last_error TEXT
) /*sqlite WITHOUT ROWID*/;
-- One waits at most; another may run meanwhile.
CREATE UNIQUE INDEX jobs_waiting_once ON jobs (kind, key) WHERE state = 'waiting';
CREATE INDEX jobs_due ON jobs (due_at, job_id) WHERE state = 'waiting';
CREATE INDEX jobs_leased ON jobs (leased_until, job_id) WHERE state = 'running';
