-- SPDX-License-Identifier: Apache-2.0

-- What each customer bought from day $1 until day $2 (from 1970-01-01 on): receipts, and spend with
-- refunds and adjustments deducted.
-- :name uplift_outcomes (lake)
SELECT coalesce(alias.customer, sale.origin) AS customer,
    count(*) FILTER (WHERE sale.kind = 'sale'), CAST(sum(sale.gross_micros) AS BIGINT)
FROM sale LEFT JOIN alias ON alias.origin = sale.origin
WHERE sale.origin IS NOT NULL
  AND sale.sold_on >= DATE '1970-01-01' + CAST($1 AS INTEGER)
  AND sale.sold_on <= DATE '1970-01-01' + CAST($2 AS INTEGER)
GROUP BY coalesce(alias.customer, sale.origin)
ORDER BY customer;

-- Customers by how much the treatment moves them, the most first, from place $1 on.
-- :name uplift_customers (lake)
SELECT s.customer, c.number, s.uplift, s.rank, h.probability, v.value_micros
FROM uplift s LEFT JOIN customer c ON c.id = s.customer
    LEFT JOIN churn h ON h.customer = s.customer
    LEFT JOIN lifetime_value v ON v.customer = s.customer
ORDER BY s.uplift DESC, s.customer
LIMIT $2 OFFSET $1;

-- :name uplift_customer (lake)
SELECT s.customer, c.number, s.uplift, s.rank, h.probability, v.value_micros
FROM uplift s LEFT JOIN customer c ON c.id = s.customer
    LEFT JOIN churn h ON h.customer = s.customer
    LEFT JOIN lifetime_value v ON v.customer = s.customer
WHERE s.customer = $1;
