-- What each visit's page shows: a payment counts only for what its buyer saw.
ALTER TABLE sandbox_visits ADD COLUMN total_amount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sandbox_visits ADD COLUMN subject TEXT NOT NULL DEFAULT '';

UPDATE sandbox_visits SET
    total_amount = (SELECT t.total_amount FROM sandbox_trades t WHERE t.trade_id = sandbox_visits.trade_id),
    subject = (SELECT t.subject FROM sandbox_trades t WHERE t.trade_id = sandbox_visits.trade_id);
