-- One standing job ends the orders that never reached the merchant service, not one for each order.
DELETE FROM jobs WHERE kind = 'end_unplaced';
