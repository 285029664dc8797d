-- Which payment channels the merchant leaves to the buyer: "only:balance", "without:pcredit".
ALTER TABLE sandbox_trades ADD COLUMN pay_channels TEXT;
