-- SPDX-License-Identifier: Apache-2.0

-- :name regression_currencies (lake)
SELECT DISTINCT currency FROM sale
WHERE kind = 'sale' AND sold_on >= DATE '1970-01-01' + CAST($1 AS INTEGER)
  AND sold_on <= DATE '1970-01-01' + CAST($2 AS INTEGER)
ORDER BY currency LIMIT 2;

-- The days that there are sales of, and how many receipts and customers there may be within.
-- :name regression_span (lake)
SELECT CAST(min(sold_on) - DATE '1970-01-01' AS BIGINT),
    CAST(max(sold_on) - DATE '1970-01-01' AS BIGINT), count(*), count(DISTINCT origin)
FROM sale
WHERE kind = 'sale' AND sold_on >= DATE '1970-01-01' + CAST($1 AS INTEGER)
  AND sold_on <= DATE '1970-01-01' + CAST($2 AS INTEGER);

-- What every statement begins with: the days asked about, which the tables behind it read too.
-- :name regression_asked (fragment)
WITH asked AS (SELECT CAST($1 AS INTEGER) AS from_day, CAST($2 AS INTEGER) AS to_day)

-- What a known customer had done before each receipt.
-- :name regression_history (fragment)
SELECT sale.id,
    CAST(sale.sold_on - min(sale.sold_on) OVER (PARTITION BY coalesce(alias.customer, sale.origin))
        AS DOUBLE PRECISION) AS tenure_days,
    CAST(row_number() OVER (PARTITION BY coalesce(alias.customer, sale.origin)
        ORDER BY sale.sold_at_us, sale.id) - 1 AS DOUBLE PRECISION) AS earlier_count,
    CAST(sale.sold_on - lag(sale.sold_on) OVER (PARTITION BY coalesce(alias.customer, sale.origin)
        ORDER BY sale.sold_at_us, sale.id) AS DOUBLE PRECISION) AS gap_days
FROM sale LEFT JOIN alias ON alias.origin = sale.origin
WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL

-- :name regression_lines (fragment)
SELECT sale_id, CAST(sum(quantity_micros) AS DOUBLE PRECISION) AS quantity_micros,
    CAST(max(CASE WHEN coupon IS NULL OR coupon = '' THEN 0 ELSE 1 END) AS BIGINT) AS has_coupon
FROM sale_line WHERE kind = 'sale' GROUP BY sale_id

-- :name regression_main_category (fragment)
SELECT sale_id, category FROM (
    SELECT sale_line.sale_id, product.category, row_number() OVER (PARTITION BY sale_line.sale_id
        ORDER BY sum(sale_line.gross_micros) DESC, product.category) AS place
    FROM sale_line JOIN product ON product.id = sale_line.product_id
    WHERE sale_line.kind = 'sale' AND product.category IS NOT NULL
    GROUP BY sale_line.sale_id, product.category
) ranked WHERE place = 1

-- :name regression_usual (fragment)
SELECT customer, store_id, channel FROM (
    SELECT coalesce(alias.customer, sale.origin) AS customer, sale.store_id, sale.channel,
        row_number() OVER (PARTITION BY coalesce(alias.customer, sale.origin)
            ORDER BY count(*) DESC, sale.store_id NULLS LAST, sale.channel NULLS LAST) AS place
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
      AND sale.sold_on >= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND sale.sold_on <= DATE '1970-01-01' + CAST($2 AS INTEGER)
    GROUP BY coalesce(alias.customer, sale.origin), sale.store_id, sale.channel
) ranked WHERE place = 1

-- What known customers bought in the period, and since when they buy.
-- :name regression_bought (fragment)
SELECT coalesce(alias.customer, sale.origin) AS customer,
    count(*) FILTER (WHERE sale.sold_on >= DATE '1970-01-01' + CAST($1 AS INTEGER))
        AS receipt_count,
    CAST(sum(sale.gross_micros)
        FILTER (WHERE sale.sold_on >= DATE '1970-01-01' + CAST($1 AS INTEGER)) AS BIGINT)
        AS gross_micros,
    CAST(sum(sale.discount_micros)
        FILTER (WHERE sale.sold_on >= DATE '1970-01-01' + CAST($1 AS INTEGER)) AS BIGINT)
        AS discount_micros,
    CAST(sum(sale.line_count)
        FILTER (WHERE sale.sold_on >= DATE '1970-01-01' + CAST($1 AS INTEGER)) AS BIGINT)
        AS line_count,
    CAST(DATE '1970-01-01' + CAST($2 AS INTEGER) - min(sale.sold_on) AS BIGINT) AS tenure_days,
    CAST(DATE '1970-01-01' + CAST($2 AS INTEGER) - max(sale.sold_on) AS BIGINT) AS recency_days,
    extract(year FROM DATE '1970-01-01' + CAST($2 AS INTEGER)) AS last_year
FROM sale LEFT JOIN alias ON alias.origin = sale.origin
WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
  AND sale.sold_on <= DATE '1970-01-01' + CAST($2 AS INTEGER)
GROUP BY coalesce(alias.customer, sale.origin)
HAVING max(sale.sold_on) >= DATE '1970-01-01' + CAST($1 AS INTEGER)
