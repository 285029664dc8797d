-- The raw form of every verified notice, kept as evidence.

CREATE TABLE notices (
    app_id TEXT NOT NULL,
    notify_id TEXT NOT NULL,
    merchant TEXT NOT NULL,
    order_id TEXT,
    out_trade_no TEXT NOT NULL,
    trade_status TEXT NOT NULL,
    verdict TEXT NOT NULL,
    acknowledged BOOLEAN NOT NULL,
    content_type TEXT,
    raw BYTEA NOT NULL,
    deliveries BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, notify_id)
);
CREATE INDEX notices_of_order ON notices (order_id);

-- What happened stays: no row of the history is changed or taken away.
CREATE FUNCTION transitions_stay() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'a transition is never changed or deleted'; END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER transitions_are_not_changed BEFORE UPDATE OR DELETE ON transitions
FOR EACH ROW EXECUTE FUNCTION transitions_stay();
