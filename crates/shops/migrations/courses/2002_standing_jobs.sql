-- One standing job ends the orders that never reached the merchant service, not one for each order;
-- the shop's start schedules it, and the daily one under the key that all standing jobs have.
DELETE FROM jobs WHERE kind = 'end_unplaced' OR kind = 'forget_sessions';
