-- What was deducted before an agreement got its plan: the plan counts from there.
ALTER TABLE sandbox_agreements ADD COLUMN paid_before BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sandbox_agreements ADD COLUMN taken_before BIGINT NOT NULL DEFAULT 0;
