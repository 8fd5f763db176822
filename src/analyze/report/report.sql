-- SPDX-License-Identifier: Apache-2.0

-- :name report_spend (fragment)
-- What each known customer spent.
SELECT CAST(sum(selected.gross_micros) AS BIGINT)
FROM selected
WHERE selected.customer IS NOT NULL
GROUP BY selected.customer

-- :name report_span (lake)
-- The days on which there are documents, by currency.
SELECT currency, CAST(min(sold_on) - DATE '1970-01-01' AS BIGINT),
    CAST(max(sold_on) - DATE '1970-01-01' AS BIGINT)
FROM sale
GROUP BY currency
ORDER BY currency;
