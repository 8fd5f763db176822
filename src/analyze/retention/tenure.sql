-- SPDX-License-Identifier: Apache-2.0
-- Fragments go behind the CTE `selected` of the documents that were chosen (metric/selection.h);
-- those that say so also behind `chosen` (days), the length of a silence.

-- :name tenure_spells (fragment)
-- From each day of purchase to the customer's next one, or to the last day that is known.
, day AS (
    SELECT customer, sold_on FROM selected
    WHERE customer IS NOT NULL AND kind = 'sale'
    GROUP BY customer, sold_on
), finish AS (
    SELECT max(sold_on) AS last_on FROM selected
), spell AS (
    SELECT sold_on, lead(sold_on) OVER (PARTITION BY customer ORDER BY sold_on) AS next_on,
        row_number() OVER (PARTITION BY customer ORDER BY sold_on) AS nth
    FROM day
)
SELECT CASE WHEN spell.nth = 1 THEN 1 ELSE 0 END,
    CASE WHEN spell.next_on IS NULL THEN 0 ELSE 1 END,
    CAST(coalesce(spell.next_on, finish.last_on) - spell.sold_on AS BIGINT), count(*)
FROM spell CROSS JOIN finish
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3

-- :name tenure_silence (fragment)
-- From the first purchase to the day on which `chosen` days had passed without one, or to the last
-- day that is known.
, day AS (
    SELECT customer, sold_on FROM selected
    WHERE customer IS NOT NULL AND kind = 'sale'
    GROUP BY customer, sold_on
), finish AS (
    SELECT max(sold_on) AS last_on FROM selected
), spell AS (
    SELECT customer, sold_on,
        lead(sold_on) OVER (PARTITION BY customer ORDER BY sold_on) AS next_on
    FROM day
), life AS (
    SELECT spell.customer, min(spell.sold_on) AS first_on,
        min(CASE WHEN coalesce(spell.next_on, finish.last_on + 1) - spell.sold_on > chosen.days
            THEN spell.sold_on END) AS silent_on,
        min(finish.last_on) AS last_on, min(chosen.days) AS days
    FROM spell CROSS JOIN finish CROSS JOIN chosen
    GROUP BY spell.customer
)
SELECT CASE WHEN silent_on IS NULL THEN 0 ELSE 1 END,
    CAST(CASE WHEN silent_on IS NULL THEN last_on - first_on
        ELSE silent_on - first_on + days END AS BIGINT), count(*)
FROM life
GROUP BY 1, 2
ORDER BY 1, 2

-- :name tenure_months (fragment)
-- At the first of each month: customers who bought within `chosen` days before it, and those of
-- them who bought within as many from it on. Months for which these have passed.
, day AS (
    SELECT customer, sold_on FROM selected
    WHERE customer IS NOT NULL AND kind = 'sale'
    GROUP BY customer, sold_on
), finish AS (
    SELECT max(sold_on) AS last_on FROM selected
), spell AS (
    SELECT sold_on, lead(sold_on) OVER (PARTITION BY customer ORDER BY sold_on) AS next_on
    FROM day
), month AS (
    SELECT DISTINCT CAST(date_trunc('month', sold_on) AS DATE) AS first_on FROM day
)
SELECT CAST(month.first_on - DATE '1970-01-01' AS BIGINT), count(*),
    count(*) FILTER (WHERE spell.next_on - month.first_on < chosen.days)
FROM month CROSS JOIN chosen CROSS JOIN finish
    JOIN spell ON spell.sold_on < month.first_on
        AND (spell.next_on IS NULL OR spell.next_on >= month.first_on)
        AND month.first_on - spell.sold_on <= chosen.days
WHERE month.first_on + chosen.days - 1 <= finish.last_on
GROUP BY month.first_on
ORDER BY month.first_on

-- :name tenure_contracts (fragment)
-- Months in a row with a purchase, from the customer's first one on, and whether a month without
-- one has ended the row. Of the last month only when it is over.
, finish AS (
    SELECT CAST(date_part('year', max(sold_on) + 1) * 12
        + date_part('month', max(sold_on) + 1) - 2 AS INTEGER) AS last_month
    FROM selected
), purchase AS (
    SELECT customer,
        CAST(date_part('year', sold_on) * 12 + date_part('month', sold_on) - 1 AS INTEGER) AS month
    FROM selected
    WHERE customer IS NOT NULL AND kind = 'sale'
    GROUP BY 1, 2
), placed AS (
    SELECT purchase.customer, purchase.month, finish.last_month,
        min(purchase.month) OVER (PARTITION BY purchase.customer) AS first_month,
        row_number() OVER (PARTITION BY purchase.customer ORDER BY purchase.month) AS nth
    FROM purchase CROSS JOIN finish
    WHERE purchase.month <= finish.last_month
), contract AS (
    SELECT customer, min(first_month) AS first_month, min(last_month) AS last_month,
        count(*) AS months
    FROM placed
    WHERE month - first_month + 1 = nth
    GROUP BY customer
)
SELECT CASE WHEN first_month + months <= last_month THEN 1 ELSE 0 END, months, count(*)
FROM contract
GROUP BY 1, 2
ORDER BY 1, 2

-- Days between purchases of one category by one customer, from day $1 to day $2.
-- :name tenure_categories (lake)
WITH bought AS (
    SELECT DISTINCT coalesce(alias.customer, line.origin) AS customer, product.category,
        line.sold_on
    FROM sale_line line JOIN product ON product.id = line.product_id
        LEFT JOIN alias ON alias.origin = line.origin
    WHERE line.kind = 'sale' AND line.origin IS NOT NULL AND product.category IS NOT NULL
      AND line.sold_on >= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND line.sold_on <= DATE '1970-01-01' + CAST($2 AS INTEGER)
), gap AS (
    SELECT category,
        sold_on - lag(sold_on) OVER (PARTITION BY customer, category ORDER BY sold_on) AS days
    FROM bought
)
SELECT category, CAST(days AS BIGINT), count(*)
FROM gap WHERE days IS NOT NULL
GROUP BY category, days
ORDER BY category, days;

-- What customers gave as a reason in surveys, tickets and notes, from day $1 to day $2. Properties
-- with a NUL in a text are not looked into: no text of PostgreSQL can hold it.
-- :name tenure_reasons (lake)
WITH told AS (
    SELECT CASE WHEN position('"reason"' IN event.properties) > 0
            AND position('\u0000' IN event.properties) = 0
            THEN CAST(event.properties AS JSON) ->> 'reason' END COLLATE "C" AS reason,
        event.name, coalesce(alias.customer, event.origin) AS customer
    FROM event LEFT JOIN alias ON alias.origin = event.origin
    WHERE event.properties LIKE '%"reason"%'
      AND event.happened_on >= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND event.happened_on <= DATE '1970-01-01' + CAST($2 AS INTEGER)
)
SELECT reason, name, count(*), count(DISTINCT customer)
FROM told WHERE reason IS NOT NULL
GROUP BY reason, name
ORDER BY count(*) DESC, reason, name
LIMIT 50;
