-- SPDX-License-Identifier: Apache-2.0
-- Days count from 1970-01-01. Of many customers about every $3-th stands for all: ids are
-- milliseconds above bits that are mostly 0, so they are spread before every $3-th is taken.

-- :name churn_buyers (lake)
SELECT count(DISTINCT coalesce(alias.customer, sale.origin))
FROM sale LEFT JOIN alias ON alias.origin = sale.origin
WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
  AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER);

-- What is known at the end of day $1 of the customers who bought within $2 days until then. Nothing
-- after that day is read. Whole numbers only: what is computed from them is computed in one place.
-- :name churn_features (lake)
WITH purchase AS (
    SELECT coalesce(alias.customer, sale.origin) AS customer,
        DATE '1970-01-01' + CAST($1 AS INTEGER) - sale.sold_on AS age,
        sum(sale.gross_micros) AS gross, sum(sale.discount_micros) AS discount
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
      AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND (coalesce(alias.customer, sale.origin) % 1000003)
          * 611953 % 1000003 % CAST($3 AS BIGINT) = 0
    GROUP BY coalesce(alias.customer, sale.origin), sale.sold_on
), active AS (
    SELECT customer, min(age) AS recency, max(age) AS tenure, count(*) AS purchases,
        count(*) FILTER (WHERE age < 90) AS purchases_90,
        count(*) FILTER (WHERE age >= 90 AND age < 180) AS purchases_180,
        CAST(sum(gross) AS BIGINT) AS gross,
        CAST(coalesce(sum(gross) FILTER (WHERE age < 90), 0) AS BIGINT) AS gross_90,
        CAST(coalesce(sum(discount), 0) AS BIGINT) AS discount
    FROM purchase GROUP BY customer
    HAVING min(age) < CAST($2 AS INTEGER)
), document AS (
    SELECT coalesce(alias.customer, sale.origin) AS customer,
        count(*) FILTER (WHERE sale.kind = 'refund') AS refunds,
        count(DISTINCT sale.store_id) + count(DISTINCT sale.channel) AS places
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.origin IS NOT NULL AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND (coalesce(alias.customer, sale.origin) % 1000003)
          * 611953 % 1000003 % CAST($3 AS BIGINT) = 0
    GROUP BY coalesce(alias.customer, sale.origin)
), basket AS (
    SELECT coalesce(alias.customer, line.origin) AS customer,
        count(DISTINCT line.product_id) AS products,
        count(DISTINCT product.category) AS categories
    FROM sale_line line LEFT JOIN alias ON alias.origin = line.origin
        LEFT JOIN product ON product.id = line.product_id
    WHERE line.kind = 'sale' AND line.origin IS NOT NULL
      AND line.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND (coalesce(alias.customer, line.origin) % 1000003)
          * 611953 % 1000003 % CAST($3 AS BIGINT) = 0
    GROUP BY coalesce(alias.customer, line.origin)
), touch AS (
    SELECT coalesce(alias.customer, event.origin) AS customer,
        DATE '1970-01-01' + CAST($1 AS INTEGER) - event.happened_on AS age,
        CASE WHEN event.direction = 'out' THEN 'message'
            WHEN event.channel IN ('phone', 'chat', 'service', 'support', 'call', 'ticket')
                OR lower(event.name) LIKE '%complain%' OR lower(event.name) LIKE '%support%'
                OR lower(event.name) LIKE '%ticket%' OR lower(event.name) LIKE '%cancel%'
                THEN 'service'
            WHEN event.channel IN ('email', 'sms', 'push', 'letter') THEN 'response'
            ELSE 'visit' END AS class
    FROM event LEFT JOIN alias ON alias.origin = event.origin
    WHERE event.origin IS NOT NULL
      AND event.happened_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND (coalesce(alias.customer, event.origin) % 1000003)
          * 611953 % 1000003 % CAST($3 AS BIGINT) = 0
), contact AS (
    SELECT customer,
        count(*) FILTER (WHERE class = 'visit' AND age < 90) AS visits,
        count(*) FILTER (WHERE class = 'message' AND age < 90) AS messages,
        count(*) FILTER (WHERE class = 'response' AND age < 90) AS responses,
        count(*) FILTER (WHERE class = 'service' AND age < 90) AS service_90,
        count(*) FILTER (WHERE class = 'service') AS service
    FROM touch GROUP BY customer
)
SELECT active.customer, active.recency, active.tenure, active.purchases, active.purchases_90,
    active.purchases_180, active.gross, active.gross_90, active.discount,
    document.refunds, document.places,
    coalesce(basket.products, 0), coalesce(basket.categories, 0),
    coalesce(contact.visits, 0), coalesce(contact.messages, 0), coalesce(contact.responses, 0),
    coalesce(contact.service_90, 0), coalesce(contact.service, 0)
FROM active JOIN document ON document.customer = active.customer
    LEFT JOIN basket ON basket.customer = active.customer
    LEFT JOIN contact ON contact.customer = active.customer
ORDER BY active.customer;

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
