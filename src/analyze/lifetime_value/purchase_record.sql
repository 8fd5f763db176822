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

-- Until day $1, split behind day $2. All sales within $3 days, counted back from day $1, are one
-- purchase, on the last of these days. A refund is taken off the day of the sale that it names, and
-- without one off the customer's last day of purchase before it; a day stays one of purchase.
-- :name purchase_records (lake)
WITH bought AS (
    SELECT customer, bought_on, sum(gross_micros) AS gross_micros
    FROM (
        SELECT coalesce(alias.customer, sale.origin) AS customer, sale.gross_micros,
            sale.sold_on + CAST((DATE '1970-01-01' + CAST($1 AS INTEGER) - sale.sold_on)
                % CAST($3 AS INTEGER) AS INTEGER) AS bought_on
        FROM sale LEFT JOIN alias ON alias.origin = sale.origin
        WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
          AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
    ) AS sold
    GROUP BY customer, bought_on
), refund AS (
    SELECT coalesce(alias.customer, sale.origin) AS customer, sale.id, sale.gross_micros,
        sale.sold_on + CAST((DATE '1970-01-01' + CAST($1 AS INTEGER) - sale.sold_on)
            % CAST($3 AS INTEGER) AS INTEGER) AS returned_on
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.kind = 'refund' AND sale.origin IS NOT NULL
      AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
), linked AS (
    SELECT line.sale_id,
        min(original.sold_on + CAST((DATE '1970-01-01' + CAST($1 AS INTEGER) - original.sold_on)
            % CAST($3 AS INTEGER) AS INTEGER)) AS bought_on
    FROM sale_line line JOIN sale original
        ON original.id = line.refund_of_sale AND original.origin = line.origin
    WHERE line.kind = 'refund' AND original.kind = 'sale'
      AND line.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
    GROUP BY line.sale_id
), returned AS (
    SELECT refund.customer, min(refund.returned_on) AS returned_on,
        min(refund.gross_micros) AS gross_micros,
        coalesce(min(linked.bought_on), max(bought.bought_on)) AS bought_on
    FROM refund
        JOIN bought ON bought.customer = refund.customer
            AND bought.bought_on <= refund.returned_on
        LEFT JOIN linked ON linked.sale_id = refund.id
    GROUP BY refund.customer, refund.id
), taken AS (
    SELECT customer, bought_on, sum(gross_micros) AS gross_micros,
        sum(gross_micros) FILTER (WHERE returned_on <= DATE '1970-01-01' + CAST($2 AS INTEGER))
            AS split_gross_micros
    FROM returned GROUP BY customer, bought_on
), placed AS (
    SELECT bought.customer, bought.bought_on,
        bought.gross_micros + coalesce(taken.gross_micros, 0) AS gross_micros,
        bought.gross_micros + coalesce(taken.split_gross_micros, 0) AS split_gross_micros,
        bought.bought_on <= DATE '1970-01-01' + CAST($2 AS INTEGER) AS is_before,
        min(bought.bought_on) OVER (PARTITION BY bought.customer) AS first_on
    FROM bought LEFT JOIN taken
        ON taken.customer = bought.customer AND taken.bought_on = bought.bought_on
)
SELECT customer,
    CAST(min(bought_on) - DATE '1970-01-01' AS BIGINT) AS first_day,
    CAST(max(bought_on) - DATE '1970-01-01' AS BIGINT) AS last_day,
    count(*) - 1 AS repeats,
    CAST(coalesce(sum(gross_micros) FILTER (WHERE bought_on > first_on), 0) AS BIGINT) AS gross,
    CAST(coalesce(max(bought_on) FILTER (WHERE is_before), min(bought_on)) - DATE '1970-01-01'
        AS BIGINT) AS split_last_day,
    count(*) FILTER (WHERE is_before) - 1 AS split_repeats,
    CAST(coalesce(sum(split_gross_micros) FILTER (WHERE is_before AND bought_on > first_on), 0)
        AS BIGINT) AS split_gross
FROM placed
GROUP BY customer
ORDER BY customer;

-- Days of purchase after day $2 until day $1, of customers who bought until day $2; days as above.
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
