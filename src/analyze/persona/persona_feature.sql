-- SPDX-License-Identifier: Apache-2.0
-- What customers did after day $2 until day $1. Receipts of nothing (gross 0) do not count.

-- :name persona_days (lake)
SELECT CAST(min(sold_on) - DATE '1970-01-01' AS BIGINT),
    CAST(max(sold_on) - DATE '1970-01-01' AS BIGINT)
FROM sale WHERE kind = 'sale' AND origin IS NOT NULL AND gross_micros > 0;

-- :name persona_currencies (lake)
SELECT DISTINCT currency FROM sale
WHERE origin IS NOT NULL AND sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
  AND sold_on > DATE '1970-01-01' + CAST($2 AS INTEGER)
ORDER BY currency LIMIT 2;

-- The channels of the most receipts.
-- :name persona_channels (lake)
SELECT channel FROM sale
WHERE kind = 'sale' AND origin IS NOT NULL AND gross_micros > 0 AND channel IS NOT NULL
  AND sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
  AND sold_on > DATE '1970-01-01' + CAST($2 AS INTEGER)
GROUP BY channel ORDER BY count(*) DESC, channel LIMIT $3;

-- :name persona_channel_share (lake)
SELECT coalesce(alias.customer, sale.origin) AS customer,
    count(*) FILTER (WHERE sale.channel = $3) AS part, count(*) AS whole
FROM sale LEFT JOIN alias ON alias.origin = sale.origin
WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL AND sale.gross_micros > 0
  AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
  AND sale.sold_on > DATE '1970-01-01' + CAST($2 AS INTEGER)
GROUP BY coalesce(alias.customer, sale.origin)
HAVING count(*) FILTER (WHERE sale.channel = $3) > 0;

-- The categories that most was spent on.
-- :name persona_categories (lake)
SELECT product.category FROM sale_line JOIN product ON product.id = sale_line.product_id
WHERE sale_line.kind = 'sale' AND sale_line.origin IS NOT NULL AND product.category IS NOT NULL
  AND sale_line.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
  AND sale_line.sold_on > DATE '1970-01-01' + CAST($2 AS INTEGER)
GROUP BY product.category ORDER BY sum(sale_line.gross_micros) DESC, product.category LIMIT $3;

-- :name persona_category_share (lake)
SELECT coalesce(alias.customer, sale_line.origin) AS customer,
    CAST(sum(sale_line.gross_micros) FILTER (WHERE product.category = $3) AS BIGINT) AS part,
    CAST(sum(sale_line.gross_micros) AS BIGINT) AS whole
FROM sale_line JOIN product ON product.id = sale_line.product_id
LEFT JOIN alias ON alias.origin = sale_line.origin
WHERE sale_line.kind = 'sale' AND sale_line.origin IS NOT NULL AND sale_line.gross_micros > 0
  AND sale_line.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
  AND sale_line.sold_on > DATE '1970-01-01' + CAST($2 AS INTEGER)
GROUP BY coalesce(alias.customer, sale_line.origin)
HAVING count(*) FILTER (WHERE product.category = $3) > 0;

-- The products that most customers bought.
-- :name persona_products (lake)
WITH bought AS (
    SELECT DISTINCT coalesce(alias.customer, sale_line.origin) AS customer, sale_line.product_id
    FROM sale_line LEFT JOIN alias ON alias.origin = sale_line.origin
    WHERE sale_line.kind = 'sale' AND sale_line.origin IS NOT NULL
      AND sale_line.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND sale_line.sold_on > DATE '1970-01-01' + CAST($2 AS INTEGER)
), popular AS (
    SELECT product_id, count(*) AS customers FROM bought GROUP BY product_id
    ORDER BY count(*) DESC, product_id LIMIT $3
)
SELECT popular.product_id, product.code, product.name
FROM popular JOIN product ON product.id = popular.product_id
ORDER BY popular.product_id;

-- Who bought them.
-- :name persona_baskets (lake)
WITH bought AS (
    SELECT DISTINCT coalesce(alias.customer, sale_line.origin) AS customer, sale_line.product_id
    FROM sale_line LEFT JOIN alias ON alias.origin = sale_line.origin
    WHERE sale_line.kind = 'sale' AND sale_line.origin IS NOT NULL
      AND sale_line.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND sale_line.sold_on > DATE '1970-01-01' + CAST($2 AS INTEGER)
), popular AS (
    SELECT product_id, count(*) AS customers FROM bought GROUP BY product_id
    ORDER BY count(*) DESC, product_id LIMIT $3
)
SELECT bought.customer, bought.product_id
FROM bought JOIN popular ON popular.product_id = bought.product_id;

-- Receipts by channel.
-- :name persona_receipts (lake)
SELECT coalesce(alias.customer, sale.origin) AS customer, coalesce(sale.channel, '') AS channel,
    count(*) AS receipts
FROM sale LEFT JOIN alias ON alias.origin = sale.origin
WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL AND sale.gross_micros > 0
  AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
  AND sale.sold_on > DATE '1970-01-01' + CAST($2 AS INTEGER)
GROUP BY coalesce(alias.customer, sale.origin), coalesce(sale.channel, '')
ORDER BY customer, channel;
