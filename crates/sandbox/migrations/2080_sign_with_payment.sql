-- What a trade asks its payer to sign as well, and what each visit's page shows of that (JSON); the trade with which an agreement was signed.
ALTER TABLE sandbox_trades ADD COLUMN signing TEXT;
ALTER TABLE sandbox_visits ADD COLUMN signs TEXT;
ALTER TABLE sandbox_agreements ADD COLUMN signed_with TEXT;

CREATE INDEX sandbox_agreements_by_trade ON sandbox_agreements (signed_with);
