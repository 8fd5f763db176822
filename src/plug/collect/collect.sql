-- SPDX-License-Identifier: Apache-2.0

-- The import that a month's messages count as; made by whoever needs it first.
-- :name collect_month_insert (ledger)
INSERT INTO collection_month (month, import_id) VALUES ($1, $2)
ON CONFLICT (month) DO NOTHING;

-- :name collect_month_find (ledger)
SELECT import_id FROM collection_month WHERE month = $1;

-- :name collect_receipt_find (ledger)
SELECT id, kind, currency, identifier_id, origin FROM sale WHERE source = $1 AND number = $2;

-- What was given back of a receipt, or changed in it, since.
-- :name collect_receipt_changes (ledger)
SELECT id, kind, sold_at_us FROM sale WHERE refund_of = $1;

-- :name collect_receipt_lines (ledger)
SELECT coalesce(product_id, 0), unit_price_micros, coalesce(vat_rate_bp, -1), coupon,
    quantity_micros, discount_micros, net_micros, vat_micros, gross_micros
FROM sale_line WHERE sale_id = $1
ORDER BY line;

-- A sender's id stands in the place of an import's. The row's number is a hash of what it is, so
-- that the same message sent again is kept once; its line ($9) is its place in the request, from 1.
-- :name collect_quarantine (ledger)
INSERT INTO quarantine (import_id, row, line, reason, field, message, raw, raw_encoding, state,
    received_at_us, is_part)
VALUES ($1, $2, $9, $3, $4, $5, $6, 'utf8', 'waiting', $7, $8)
ON CONFLICT (import_id, row) DO NOTHING;

-- A page of those that wait, in the order they came, after ($2, $3, $4).
-- :name collect_quarantine_waiting (ledger)
SELECT coalesce(received_at_us, 0), line, row
FROM quarantine
WHERE import_id = $1 AND state = 'waiting'
    AND (coalesce(received_at_us, 0), line, row) > ($2, $3, $4)
ORDER BY coalesce(received_at_us, 0), line, row
LIMIT $5;

-- The sources of which at least $1 + 1 messages wait.
-- :name collect_quarantine_full (ledger)
SELECT s.id FROM sender s
WHERE EXISTS (SELECT 1 FROM quarantine q WHERE q.import_id = s.id AND q.state = 'waiting'
              ORDER BY coalesce(q.received_at_us, 0), q.line, q.row LIMIT 1 OFFSET $1);

-- Why messages of a source wait.
-- :name collect_quarantine_reasons (ledger)
SELECT reason, field, count(*), min(message)
FROM quarantine
WHERE import_id = $1 AND state = 'waiting'
GROUP BY reason, field
ORDER BY 3 DESC, reason, field;

-- The event was taken meanwhile, but for what is wrong still.
-- :name collect_quarantine_part (ledger)
UPDATE quarantine SET is_part = 1 WHERE import_id = $1 AND row = $2;
