-- SPDX-License-Identifier: Apache-2.0

-- :name report_spend (fragment)
-- What each known customer spent.
SELECT CAST(sum(selected.gross_micros) AS BIGINT)
FROM selected
WHERE selected.customer IS NOT NULL
GROUP BY selected.customer
