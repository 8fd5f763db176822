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
