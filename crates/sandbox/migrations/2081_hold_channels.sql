-- Which payment channels the merchant leaves to whoever agrees to a hold: "only:PCREDIT_PAY", "without:OPTIMIZED_MOTO".
ALTER TABLE sandbox_freezes ADD COLUMN pay_channels TEXT;
