-- SPDX-License-Identifier: Apache-2.0

-- What a restored ledger must sum up to, besides the rows of its tables.
-- :name backup_sums (ledger)
SELECT 'sale.gross_micros', coalesce(sum(gross_micros), 0) FROM sale
UNION ALL SELECT 'sale.vat_micros', coalesce(sum(vat_micros), 0) FROM sale
UNION ALL SELECT 'sale.line_count', coalesce(sum(line_count), 0) FROM sale
UNION ALL SELECT 'sale_line.gross_micros', coalesce(sum(gross_micros), 0) FROM sale_line
UNION ALL SELECT 'consent.latest_us', coalesce(max(at_us), 0) FROM consent
UNION ALL SELECT 'change.last', coalesce(max(id), 0) FROM change;

-- :name backup_audit_head (ledger)
SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1;

-- Nobody is signed in to a restored store, and no link of then opens it.
-- :name backup_end_sessions (ledger)
DELETE FROM account_session;
-- :name backup_end_links (ledger)
DELETE FROM account_invitation;
