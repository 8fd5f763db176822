-- SPDX-License-Identifier: Apache-2.0

-- :name rfm_last_day (lake)
-- The business day of the last document.
SELECT CAST(max(sold_on) - DATE '1970-01-01' AS BIGINT) FROM sale;

-- :name rfm_customers (fragment)
-- What each customer who bought has bought, in the order that settles ties of the scores.
SELECT bought.customer, customer.number, bought.last_at_us, bought.last_on, bought.frequency,
    bought.monetary_micros
FROM (
    SELECT selected.customer,
        max(selected.sold_at_us) FILTER (WHERE selected.kind = 'sale') AS last_at_us,
        max(selected.sold_on) FILTER (WHERE selected.kind = 'sale') AS last_on,
        count(*) FILTER (WHERE selected.kind = 'sale') AS frequency,
        CAST(sum(selected.gross_micros) AS BIGINT) AS monetary_micros
    FROM selected
    WHERE selected.customer IS NOT NULL
    GROUP BY selected.customer
) AS bought
LEFT JOIN customer ON customer.id = bought.customer
WHERE bought.frequency > 0
ORDER BY length(customer.number) NULLS LAST, customer.number NULLS LAST, bought.customer

-- What follows gives the same scores as rfm.c and rfm_score.c, for statements that are evaluated on
-- the lake as a whole.

-- :name rfm_ranks (fragment)
-- The rows of rfm_customers, named `bought`, by each measure: five times how many are before a
-- customer, and how many others there are. A last purchase at midnight sharp is a whole day away
-- from the next midnight; any later one on that day is not.
SELECT customer,
    5 * (row_number() OVER (ORDER BY nearness, tie) - 1) AS recency,
    5 * (row_number() OVER (ORDER BY frequency, tie) - 1) AS frequency,
    5 * (row_number() OVER (ORDER BY monetary_micros, tie) - 1) AS monetary,
    count(*) OVER () - 1 AS others
FROM (
    SELECT customer, frequency, monetary_micros,
        row_number() OVER (
            ORDER BY length(number) NULLS LAST, number NULLS LAST, customer) AS tie,
        last_on - DATE '1970-01-01' + CASE
            WHEN CAST(to_timestamp(last_at_us / 1000000.0)
                      AT TIME ZONE (SELECT zone FROM lake_state) AS TIME) = TIME '00:00:00'
            THEN 0 ELSE 1 END AS nearness
    FROM bought
) AS measured

-- :name rfm_scores (fragment)
-- Of the rows of rfm_ranks, named `ranked`.
SELECT customer,
    CASE WHEN recency <= others THEN 1 WHEN recency <= 2 * others THEN 2
         WHEN recency <= 3 * others THEN 3 WHEN recency <= 4 * others THEN 4 ELSE 5 END AS recency,
    CASE WHEN frequency <= others THEN 1 WHEN frequency <= 2 * others THEN 2
         WHEN frequency <= 3 * others THEN 3 WHEN frequency <= 4 * others THEN 4
         ELSE 5 END AS frequency,
    CASE WHEN monetary <= others THEN 1 WHEN monetary <= 2 * others THEN 2
         WHEN monetary <= 3 * others THEN 3 WHEN monetary <= 4 * others THEN 4
         ELSE 5 END AS monetary
FROM ranked
