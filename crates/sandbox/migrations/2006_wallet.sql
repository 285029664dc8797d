-- Bank cards that the sandbox issues; what one holds is on the ledger.
CREATE TABLE sandbox_cards (
    card_no TEXT NOT NULL PRIMARY KEY,
    bank TEXT NOT NULL,
    phone TEXT NOT NULL,
    user_id TEXT,
    began_with BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    bound_at BIGINT
);

CREATE INDEX sandbox_cards_by_user ON sandbox_cards (user_id, card_no);

-- Short messages; everybody who uses the sandbox may read them all.
CREATE TABLE sandbox_messages (
    message_id TEXT NOT NULL PRIMARY KEY,
    phone TEXT NOT NULL,
    purpose TEXT NOT NULL,
    about TEXT NOT NULL,
    code TEXT NOT NULL,
    content TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    wrong BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX sandbox_messages_by_phone ON sandbox_messages (phone, sent_at);

-- Money that one person gives another.
CREATE TABLE sandbox_gifts (
    gift_id TEXT NOT NULL PRIMARY KEY,
    from_user_id TEXT NOT NULL,
    target TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    to_user_id TEXT,
    amount BIGINT NOT NULL CHECK (amount > 0),
    message TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    ended_at BIGINT
);

CREATE INDEX sandbox_gifts_by_giver ON sandbox_gifts (from_user_id, gift_id);
CREATE INDEX sandbox_gifts_by_target ON sandbox_gifts (target, gift_id);

-- Which card paid a trade; its refunds go back there.
CREATE TABLE sandbox_card_payments (
    trade_id TEXT NOT NULL PRIMARY KEY,
    card_no TEXT NOT NULL,
    bank TEXT NOT NULL
);

-- How much an owner lets leave the balance in a day.
CREATE TABLE sandbox_daily_limits (
    user_id TEXT NOT NULL PRIMARY KEY,
    amount BIGINT NOT NULL CHECK (amount >= 0)
);
