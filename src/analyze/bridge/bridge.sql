-- SPDX-License-Identifier: Apache-2.0

-- :name bridge_customers (fragment)
-- What each customer spent, and whether their very first document is among those selected; first
-- the anonymous ones, with 0.
SELECT coalesce(selected.customer, 0) AS customer,
    CAST(sum(selected.gross_micros) AS BIGINT) AS gross_micros,
    min(selected.sold_at_us) <= min(beginning.at_us) AS is_new
FROM selected
LEFT JOIN (
    SELECT coalesce(alias.customer, sale.origin) AS customer, min(sale.sold_at_us) AS at_us
    FROM sale
    LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.origin IS NOT NULL
    GROUP BY coalesce(alias.customer, sale.origin)
) AS beginning ON beginning.customer = selected.customer
GROUP BY coalesce(selected.customer, 0)
ORDER BY coalesce(selected.customer, 0);
