-- SPDX-License-Identifier: Apache-2.0

-- :name retention_entries (fragment)
-- Customers by the month of their first purchase and by the months in which they purchase.
, purchase AS (
    SELECT selected.customer,
        CAST(date_part('year', selected.sold_on) * 12
            + date_part('month', selected.sold_on) - 1 AS INTEGER) AS month
    FROM selected
    WHERE selected.customer IS NOT NULL AND selected.kind = 'sale'
    GROUP BY 1, 2
), cohort AS (
    SELECT customer, min(month) AS month FROM purchase GROUP BY customer
)
SELECT cohort.month, purchase.month, count(*)
FROM purchase JOIN cohort ON cohort.customer = purchase.customer
GROUP BY cohort.month, purchase.month
ORDER BY cohort.month, purchase.month
