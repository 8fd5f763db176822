-- SPDX-License-Identifier: Apache-2.0

-- :name segment_arms_customers (fragment)
-- What each known customer spent, and how many sales that was.
SELECT selected.customer, CAST(sum(selected.gross_micros) AS BIGINT) AS gross_micros,
    CAST(sum(CASE WHEN selected.kind = 'sale' THEN 1 ELSE 0 END) AS BIGINT) AS receipts
FROM selected
WHERE selected.customer IS NOT NULL
GROUP BY selected.customer
ORDER BY selected.customer;
