-- How a world began: one row. A seed and how many times its chance began anew; what it was filled
-- with, and whether that is in it.
CREATE TABLE sandbox_origin (
    only_one BIGINT NOT NULL PRIMARY KEY CHECK (only_one = 1),
    seed BIGINT,
    turn BIGINT NOT NULL,
    filling TEXT,
    filled BOOLEAN NOT NULL
);
