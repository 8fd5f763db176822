-- SPDX-License-Identifier: Apache-2.0
-- Days count from 1970-01-01. Customers are read by store/model_input.sql; every $3-th of them as
-- there.

-- :name churn_buyers (lake)
SELECT count(DISTINCT coalesce(alias.customer, sale.origin))
FROM sale LEFT JOIN alias ON alias.origin = sale.origin
WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
  AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER);

-- Who bought after day $1, within $2 days: those who did not leave. Nothing until that day is read.
-- :name churn_stayed (lake)
SELECT DISTINCT coalesce(alias.customer, sale.origin) AS customer
FROM sale LEFT JOIN alias ON alias.origin = sale.origin
WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
  AND sale.sold_on > DATE '1970-01-01' + CAST($1 AS INTEGER)
  AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER) + CAST($2 AS INTEGER)
  AND (coalesce(alias.customer, sale.origin) % 1000003)
      * 611953 % 1000003 % CAST($3 AS BIGINT) = 0
ORDER BY customer;

-- Customers by risk, the largest first, from place $1 on.
-- :name churn_customers (lake)
SELECT s.customer, c.number, s.probability, s.driver_1, s.effect_1, s.driver_2, s.effect_2,
    v.value_micros
FROM churn s LEFT JOIN customer c ON c.id = s.customer
    LEFT JOIN lifetime_value v ON v.customer = s.customer
ORDER BY s.probability DESC, s.customer
LIMIT $2 OFFSET $1;

-- :name churn_customer (lake)
SELECT s.customer, c.number, s.probability, s.driver_1, s.effect_1, s.driver_2, s.effect_2,
    v.value_micros
FROM churn s LEFT JOIN customer c ON c.id = s.customer
    LEFT JOIN lifetime_value v ON v.customer = s.customer
WHERE s.customer = $1;
