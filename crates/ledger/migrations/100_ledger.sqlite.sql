-- A list of words is written with OR: for IN, SQLite builds a table each time it checks a row.
-- Rows of transfers and postings are never deleted, so their numbers only rise.
-- Transfers and postings do not refer to accounts by foreign keys: on PostgreSQL each would lock the row
-- of the clearing account, which all payments share. An account is looked up before each transfer and
-- never deleted, and the proof finds a posting to none.
CREATE TABLE ledger_accounts (
    account_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    balance_limit TEXT NOT NULL
        CHECK (balance_limit = 'free' OR balance_limit = 'debits_within_credits'
            OR balance_limit = 'credits_within_debits'),
    created_at BIGINT NOT NULL
) WITHOUT ROWID;

-- Only accounts with a limit have a row: it is what their transfers lock.
CREATE TABLE ledger_balances (
    account_id TEXT NOT NULL PRIMARY KEY,
    debits_pending BIGINT NOT NULL DEFAULT 0 CHECK (debits_pending >= 0),
    debits_posted BIGINT NOT NULL DEFAULT 0 CHECK (debits_posted >= 0),
    credits_pending BIGINT NOT NULL DEFAULT 0 CHECK (credits_pending >= 0),
    credits_posted BIGINT NOT NULL DEFAULT 0 CHECK (credits_posted >= 0)
) WITHOUT ROWID;

CREATE TABLE ledger_transfers (
    seq INTEGER PRIMARY KEY,
    transfer_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL 
        CHECK (kind = 'posted' OR kind = 'pending' OR kind = 'post' OR kind = 'void'),
    debit TEXT NOT NULL,
    credit TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    -- What a post or a void resolves.
    pending_id TEXT REFERENCES ledger_transfers (transfer_id),
    code TEXT NOT NULL,
    memo TEXT NOT NULL,
    at BIGINT NOT NULL,
    CHECK (debit <> credit),
    CHECK ((kind = 'post' OR kind = 'void') = (pending_id IS NOT NULL))
);
-- A pending transfer is resolved at most once.
CREATE UNIQUE INDEX ledger_transfers_resolve ON ledger_transfers (pending_id)
WHERE pending_id IS NOT NULL;

-- A debit counts up, a credit counts down, releasing a pending amount the other way round:
-- each layer sums to zero.
CREATE TABLE ledger_postings (
    seq INTEGER PRIMARY KEY,
    transfer_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side = 'debit' OR side = 'credit'),
    layer TEXT NOT NULL CHECK (layer = 'pending' OR layer = 'posted'),
    amount BIGINT NOT NULL CHECK (amount <> 0),
    UNIQUE (transfer_id, side, layer)
);
CREATE INDEX ledger_postings_by_account ON ledger_postings (account_id, seq);

-- Sums of the accounts without limit, up to the posting that the cursor names.
CREATE TABLE ledger_rollups (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES ledger_accounts (account_id),
    debits_pending BIGINT NOT NULL,
    debits_posted BIGINT NOT NULL,
    credits_pending BIGINT NOT NULL,
    credits_posted BIGINT NOT NULL
);
CREATE TABLE ledger_rollup_cursor (
    name TEXT NOT NULL PRIMARY KEY,
    up_to_seq BIGINT NOT NULL
);
INSERT INTO ledger_rollup_cursor (name, up_to_seq) VALUES ('postings', 0);

CREATE TRIGGER ledger_transfers_keep_update BEFORE UPDATE ON ledger_transfers
BEGIN SELECT RAISE(ABORT, 'a transfer is never changed; correct it by another'); END;
CREATE TRIGGER ledger_transfers_keep_delete BEFORE DELETE ON ledger_transfers
BEGIN SELECT RAISE(ABORT, 'a transfer is never deleted; correct it by another'); END;
CREATE TRIGGER ledger_postings_keep_update BEFORE UPDATE ON ledger_postings
BEGIN SELECT RAISE(ABORT, 'a posting is never changed; correct it by another transfer'); END;
CREATE TRIGGER ledger_postings_keep_delete BEFORE DELETE ON ledger_postings
BEGIN SELECT RAISE(ABORT, 'a posting is never deleted; correct it by another transfer'); END;
CREATE TRIGGER ledger_accounts_keep_delete BEFORE DELETE ON ledger_accounts
BEGIN SELECT RAISE(ABORT, 'an account is never deleted'); END;
