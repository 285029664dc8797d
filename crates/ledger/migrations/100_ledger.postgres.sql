-- Account ids sort by their bytes, as the code sorts them: everybody locks in the same order.
-- Transfers and postings do not refer to accounts by foreign keys: on PostgreSQL each would lock the row
-- of the clearing account, which all payments share. An account is looked up before each transfer and
-- never deleted, and the proof finds a posting to none.
CREATE TABLE ledger_accounts (
    account_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    balance_limit TEXT NOT NULL
        CHECK (balance_limit IN ('free', 'debits_within_credits', 'credits_within_debits')),
    created_at BIGINT NOT NULL
);

-- Only accounts with a limit have a row: it is what their transfers lock.
CREATE TABLE ledger_balances (
    account_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    debits_pending BIGINT NOT NULL DEFAULT 0 CHECK (debits_pending >= 0),
    debits_posted BIGINT NOT NULL DEFAULT 0 CHECK (debits_posted >= 0),
    credits_pending BIGINT NOT NULL DEFAULT 0 CHECK (credits_pending >= 0),
    credits_posted BIGINT NOT NULL DEFAULT 0 CHECK (credits_posted >= 0)
);

CREATE TABLE ledger_transfers (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('posted', 'pending', 'post', 'void')),
    debit TEXT COLLATE "C" NOT NULL,
    credit TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    -- What a post or a void resolves; unique, so a pending transfer is resolved at most once.
    pending_id TEXT REFERENCES ledger_transfers (transfer_id),
    code TEXT NOT NULL,
    memo TEXT NOT NULL,
    at BIGINT NOT NULL,
    CHECK (debit <> credit),
    CHECK ((kind IN ('post', 'void')) = (pending_id IS NOT NULL))
);

CREATE UNIQUE INDEX ledger_transfers_resolve ON ledger_transfers (pending_id)
WHERE pending_id IS NOT NULL;

-- A debit counts up, a credit counts down, releasing a pending amount the other way round:
-- each layer sums to zero.
CREATE TABLE ledger_postings (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id TEXT NOT NULL,
    account_id TEXT COLLATE "C" NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('debit', 'credit')),
    layer TEXT NOT NULL CHECK (layer IN ('pending', 'posted')),
    amount BIGINT NOT NULL CHECK (amount <> 0),
    UNIQUE (transfer_id, side, layer)
);
CREATE INDEX ledger_postings_by_account ON ledger_postings (account_id, seq);

-- Sums of the accounts without limit, up to the posting that the cursor names.
CREATE TABLE ledger_rollups (
    account_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES ledger_accounts (account_id),
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

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted; correct them by another transfer', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER ledger_transfers_keep_update BEFORE UPDATE ON ledger_transfers
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_transfers_keep_delete BEFORE DELETE ON ledger_transfers
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_transfers_keep_truncate BEFORE TRUNCATE ON ledger_transfers
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_postings_keep_update BEFORE UPDATE ON ledger_postings
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_postings_keep_delete BEFORE DELETE ON ledger_postings
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_postings_keep_truncate BEFORE TRUNCATE ON ledger_postings
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_accounts_keep_delete BEFORE DELETE ON ledger_accounts
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
