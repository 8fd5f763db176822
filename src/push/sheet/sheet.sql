-- SPDX-License-Identifier: Apache-2.0

-- :name sheet_mail_put (ledger)
INSERT INTO dashboard_mail (id, dashboard, recipients, rhythm, day, hour, format, next_at_us,
    outcome, actor, changed_at_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10);

-- :name sheet_mail_find (ledger)
SELECT id, dashboard, recipients, rhythm, day, hour, format FROM dashboard_mail WHERE id = $1;

-- Those of a dashboard after $2.
-- :name sheet_mail_list (ledger)
SELECT id, recipients, rhythm, day, hour, format, next_at_us, sent_at_us, outcome, actor
FROM dashboard_mail WHERE dashboard = $1 AND id > $2 ORDER BY id LIMIT $3;

-- :name sheet_mail_delete (ledger)
DELETE FROM dashboard_mail WHERE id = $1 AND dashboard = $2 RETURNING id;

-- :name sheet_mail_due (ledger)
SELECT id, dashboard, recipients, rhythm, day, hour, format
FROM dashboard_mail WHERE next_at_us <= $1 ORDER BY next_at_us, id LIMIT 100;

-- :name sheet_mail_set_next (ledger)
UPDATE dashboard_mail SET next_at_us = $2 WHERE id = $1;

-- :name sheet_mail_set_outcome (ledger)
UPDATE dashboard_mail SET sent_at_us = $2, outcome = $3 WHERE id = $1;
