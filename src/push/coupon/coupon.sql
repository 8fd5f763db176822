-- SPDX-License-Identifier: Apache-2.0

-- :name coupon_series_insert (ledger)
INSERT INTO coupon_series
    (id, name, definition, shared_code, use_count, most_count, created_at_us, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING

-- $1: the id or 0, $2: the name or empty.
-- :name coupon_series_find (ledger)
SELECT id, name, definition, shared_code, use_count, most_count, issued_count, is_stopped
FROM coupon_series WHERE id = $1 OR name = $2

-- :name coupon_series_stop (ledger)
UPDATE coupon_series SET is_stopped = 1 WHERE id = $1

-- One more, unless that is one too many.
-- :name coupon_series_count (ledger)
UPDATE coupon_series SET issued_count = issued_count + 1
WHERE id = $1 AND is_stopped = 0 AND (most_count = 0 OR issued_count < most_count)

-- :name coupon_series_uncount (ledger)
UPDATE coupon_series SET issued_count = issued_count - 1 WHERE id = $1

-- :name coupon_series_list (ledger)
SELECT s.id, s.name, s.definition, s.shared_code, s.issued_count, s.most_count, s.is_stopped,
       r.taken, r.again, r.other, r.revenue, r.discount, s.created_at_us
FROM coupon_series s LEFT JOIN (
    SELECT series_id, SUM(CASE WHEN state = 'taken' THEN 1 ELSE 0 END) AS taken,
           SUM(CASE WHEN state = 'again' THEN 1 ELSE 0 END) AS again,
           SUM(CASE WHEN state IN ('void', 'outside') THEN 1 ELSE 0 END) AS other,
           SUM(coalesce(revenue_micros, 0)) AS revenue,
           SUM(coalesce(discount_micros, 0)) AS discount
    FROM coupon_redemption GROUP BY series_id) r ON r.series_id = s.id
ORDER BY s.id DESC

-- :name coupon_insert (ledger)
INSERT INTO coupon (code, series_id, customer, message_id, issued_at_us)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING

-- :name coupon_issued (ledger)
SELECT code FROM coupon WHERE series_id = $1 AND customer = $2 AND message_id = $3

-- :name coupon_find (ledger)
SELECT series_id, customer, is_void, redeemed_count FROM coupon WHERE code = $1

-- :name coupon_void (ledger)
UPDATE coupon SET is_void = 1 WHERE code = $1

-- The codes of a series behind one ($2), in their order.
-- :name coupon_list (ledger)
SELECT code, customer, message_id, issued_at_us, is_void, redeemed_count
FROM coupon WHERE series_id = $1 AND code > $2 ORDER BY code LIMIT $3

-- Once more, unless that is once too often ($2: as often as it may be, 0: always).
-- :name coupon_count_use (ledger)
UPDATE coupon SET redeemed_count = redeemed_count + 1
WHERE code = $1 AND is_void = 0 AND ($2 = 0 OR redeemed_count < $2)

-- :name coupon_redemption_insert (ledger)
INSERT INTO coupon_redemption
    (id, code, series_id, request_key, request, sale_id, at_us, receipt, state, revenue_micros,
     discount_micros, currency)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- :name coupon_uncount_use (ledger)
UPDATE coupon SET redeemed_count = redeemed_count - 1 WHERE code = $1

-- A till's, once for each key.
-- :name coupon_redemption_redeem (ledger)
INSERT INTO coupon_redemption
    (id, code, series_id, request_key, request, sale_id, at_us, receipt, state, revenue_micros,
     discount_micros, currency)
VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, 'taken', $8, $9, $10)
ON CONFLICT (request_key) DO NOTHING

-- :name coupon_redemption_of_key (ledger)
SELECT code, request FROM coupon_redemption WHERE request_key = $1

-- :name coupon_redemption_of_sale (ledger)
SELECT id FROM coupon_redemption WHERE code = $1 AND sale_id = $2

-- What a till told of and no sale has come for; the one of this receipt first.
-- :name coupon_redemption_waiting (ledger)
SELECT id FROM coupon_redemption
WHERE code = $1 AND sale_id IS NULL AND (receipt = '' OR receipt = $2)
ORDER BY CASE WHEN receipt = $2 THEN 0 ELSE 1 END, id LIMIT 1

-- :name coupon_redemption_attach (ledger)
UPDATE coupon_redemption
SET sale_id = $2, revenue_micros = $3, discount_micros = $4, currency = $5, receipt = $6
WHERE id = $1

-- :name coupon_redemption_list (ledger)
SELECT id, code, at_us, receipt, state, revenue_micros, discount_micros, currency
FROM coupon_redemption WHERE series_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3

-- :name coupon_sale (ledger)
SELECT number, gross_micros, currency FROM sale WHERE id = $1

-- The coupons on the lines of sales, one row for each sale and coupon.
-- :name coupon_lines (lake)
SELECT coupon, sale_id, MIN(sold_at_us) AS at_us,
       CAST(SUM(coalesce(discount_micros, 0)) AS BIGINT) AS discount_micros
FROM sale_line
WHERE coupon IS NOT NULL AND coupon <> '' AND kind = 'sale'
GROUP BY coupon, sale_id
ORDER BY coupon, sale_id
