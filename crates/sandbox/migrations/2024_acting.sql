-- Which application made a trade in its owner's name.
ALTER TABLE sandbox_trades ADD COLUMN by_app_id TEXT;
