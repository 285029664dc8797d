-- How many forged messages came lately is asked for each of them.

CREATE INDEX forged_notices_by_reason ON forged_notices (reason, first_at);
