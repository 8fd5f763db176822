-- SPDX-License-Identifier: Apache-2.0

-- :name purchase_span (lake)
SELECT CAST(min(sold_on) - DATE '1970-01-01' AS BIGINT),
    CAST(max(sold_on) - DATE '1970-01-01' AS BIGINT), count(*)
FROM sale WHERE kind = 'sale' AND origin IS NOT NULL;

-- :name purchase_currencies (lake)
SELECT DISTINCT currency FROM sale
WHERE kind = 'sale' AND origin IS NOT NULL
  AND sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
ORDER BY currency LIMIT 2;

-- Days of purchase after day $2 until day $1, of customers who bought until day $2; days as in
-- store/model_input.sql, which has the purchases of each customer.
-- :name purchase_days (lake)
WITH bought AS (
    SELECT DISTINCT coalesce(alias.customer, sale.origin) AS customer,
        sale.sold_on + CAST((DATE '1970-01-01' + CAST($1 AS INTEGER) - sale.sold_on)
            % CAST($3 AS INTEGER) AS INTEGER) AS bought_on
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
      AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
), placed AS (
    SELECT bought_on, min(bought_on) OVER (PARTITION BY customer) AS first_on FROM bought
)
SELECT CAST(bought_on - DATE '1970-01-01' AS BIGINT), count(*)
FROM placed
WHERE bought_on > DATE '1970-01-01' + CAST($2 AS INTEGER)
  AND first_on <= DATE '1970-01-01' + CAST($2 AS INTEGER)
GROUP BY bought_on
ORDER BY bought_on;
