-- SPDX-License-Identifier: Apache-2.0

-- Customers by value, the largest first, from place $1 on.
-- :name lifetime_value_customers (lake)
SELECT v.customer, c.number, v.alive, v.purchases, v.spend_micros, v.value_micros
FROM lifetime_value v LEFT JOIN customer c ON c.id = v.customer
ORDER BY v.value_micros DESC NULLS LAST, v.purchases DESC, v.customer
LIMIT $2 OFFSET $1;

-- :name lifetime_value_customer (lake)
SELECT v.customer, c.number, v.alive, v.purchases, v.spend_micros, v.value_micros
FROM lifetime_value v LEFT JOIN customer c ON c.id = v.customer
WHERE v.customer = $1;
