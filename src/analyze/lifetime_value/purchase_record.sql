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

-- Until day $1, split behind day $2.
-- :name purchase_records (lake)
WITH bought AS (
    SELECT coalesce(alias.customer, sale.origin) AS customer, sale.sold_on AS bought_on,
        sum(sale.gross_micros) AS gross_micros
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
      AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
    GROUP BY coalesce(alias.customer, sale.origin), sale.sold_on
), placed AS (
    SELECT customer, bought_on, gross_micros,
        bought_on <= DATE '1970-01-01' + CAST($2 AS INTEGER) AS is_before,
        min(bought_on) OVER (PARTITION BY customer) AS first_on
    FROM bought
)
SELECT customer,
    CAST(min(bought_on) - DATE '1970-01-01' AS BIGINT) AS first_day,
    CAST(max(bought_on) - DATE '1970-01-01' AS BIGINT) AS last_day,
    count(*) - 1 AS repeats,
    CAST(coalesce(sum(gross_micros) FILTER (WHERE bought_on > first_on), 0) AS BIGINT) AS gross,
    CAST(coalesce(max(bought_on) FILTER (WHERE is_before), min(bought_on)) - DATE '1970-01-01'
        AS BIGINT) AS split_last_day,
    count(*) FILTER (WHERE is_before) - 1 AS split_repeats,
    CAST(coalesce(sum(gross_micros) FILTER (WHERE is_before AND bought_on > first_on), 0)
        AS BIGINT) AS split_gross
FROM placed
GROUP BY customer
ORDER BY customer;

-- Days of purchase after day $2 until day $1, of customers who bought until day $2.
-- :name purchase_days (lake)
WITH bought AS (
    SELECT DISTINCT coalesce(alias.customer, sale.origin) AS customer, sale.sold_on AS bought_on
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
