CREATE TABLE outbox (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX outbox_by_owner ON outbox (owner, seq);
CREATE INDEX outbox_by_subject ON outbox (subject, seq);
CREATE FUNCTION outbox_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an event is never changed or removed';
END;
$$;
CREATE TRIGGER outbox_keeps_its_rows BEFORE UPDATE OR DELETE ON outbox
FOR EACH ROW EXECUTE FUNCTION outbox_is_frozen();
CREATE TRIGGER outbox_is_not_emptied BEFORE TRUNCATE ON outbox
FOR EACH STATEMENT EXECUTE FUNCTION outbox_is_frozen();
