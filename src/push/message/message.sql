-- SPDX-License-Identifier: Apache-2.0

-- ---- reserving ----

-- :name message_insert (ledger)
INSERT INTO message (id, campaign_id, step, customer, arm, state, reason, due_at_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (campaign_id, step, customer) DO NOTHING;

-- Of an update: who was refused before they had an arm, and who left the receiver's list.
-- :name message_forget_refused (ledger)
DELETE FROM message
WHERE campaign_id = $1 AND state = 'refused' AND arm IS NULL
  AND customer IN (SELECT CAST($2 AS BIGINT)
                   UNION ALL SELECT origin FROM alias WHERE customer = $2);

-- :name message_renew (ledger)
UPDATE message SET state = 'reserved', due_at_us = $3, reason = '', detail = ''
WHERE campaign_id = $1 AND state IN ('accepted', 'failed', 'refused') AND arm IS NOT NULL
  AND customer IN (SELECT CAST($2 AS BIGINT)
                   UNION ALL SELECT origin FROM alias WHERE customer = $2)
  AND NOT EXISTS (SELECT 1 FROM audience_member l
                  WHERE l.campaign_id = $1
                    AND l.customer IN (SELECT CAST($2 AS BIGINT)
                                       UNION ALL SELECT origin FROM alias WHERE customer = $2));

-- What waits is refused.
-- :name message_drop_reserved (ledger)
UPDATE message SET state = 'refused', reason = $2, ended_at_us = $3
WHERE campaign_id = $1 AND state = 'reserved';

-- ---- may it be sent? ----

-- Who a customer is now; no row: nobody.
-- :name message_customer (ledger)
SELECT c.id
FROM (SELECT coalesce((SELECT customer FROM alias WHERE origin = $1), $1) AS customer) present
JOIN customer c ON c.id = present.customer;

-- What was sent to a customer since $2, and whether another row of step $4 of campaign $3 was.
-- :name message_contacts (ledger)
SELECT coalesce(sum(CASE WHEN started_at_us > $2 THEN 1 ELSE 0 END), 0),
    coalesce(sum(CASE WHEN campaign_id = $3 AND step = $4 THEN 1 ELSE 0 END), 0)
FROM message
WHERE state IN ('started', 'accepted', 'unknown')
  AND customer IN (SELECT CAST($1 AS BIGINT)
                   UNION ALL SELECT origin FROM alias WHERE customer = $1);

-- :name message_postal (ledger)
SELECT 1 FROM customer
WHERE id = $1 AND coalesce(street, '') <> '' AND coalesce(city, '') <> '';

-- ---- sending ----

-- :name message_due (ledger)
SELECT id, step, customer, coalesce(arm, -1), tries, coalesce(first_at_us, 0)
FROM message
WHERE campaign_id = $1 AND state = 'reserved' AND due_at_us <= $2 AND arm IS NOT NULL
ORDER BY due_at_us, id LIMIT $3;

-- :name message_start (ledger)
UPDATE message SET state = 'started', reason = '', tries = tries + 1, cost_micros = $3,
    first_at_us = coalesce(first_at_us, $2), started_at_us = $2
WHERE id = $1 AND state = 'reserved';

-- :name message_refuse (ledger)
UPDATE message SET state = 'refused', reason = $2, ended_at_us = $3
WHERE id = $1 AND state = 'reserved';

-- :name message_put_off (ledger)
UPDATE message SET due_at_us = $2, reason = $3 WHERE id = $1 AND state = 'reserved';

-- The outcome of try $7: of no later one.
-- :name message_finish (ledger)
UPDATE message SET state = $2, reason = $3, detail = $4, cost_micros = $5, ended_at_us = $6
WHERE id = $1 AND state IN ('started', 'unknown') AND tries = $7;

-- Certainly not sent: again at $2.
-- :name message_retry (ledger)
UPDATE message SET state = 'reserved', due_at_us = $2, reason = $3, detail = $4, cost_micros = 0,
    started_at_us = NULL, ended_at_us = $6
WHERE id = $1 AND state IN ('started', 'unknown') AND tries = $5;

-- Not tried after all: the days in which it is tried again begin with the next try.
-- :name message_untry (ledger)
UPDATE message SET state = 'reserved', due_at_us = $2, reason = $3, detail = $4, cost_micros = 0,
    started_at_us = NULL, first_at_us = NULL
WHERE id = $1 AND state IN ('started', 'unknown') AND tries = $5;

-- :name message_recover (ledger)
UPDATE message SET state = 'unknown', ended_at_us = $2
WHERE campaign_id = $1 AND state = 'started';

-- In the order in which they were handed over.
-- :name message_unfinished (ledger)
SELECT id, cost_micros FROM message WHERE campaign_id = $1 AND state = 'started'
ORDER BY due_at_us, id;

-- :name message_recover_file (ledger)
UPDATE message SET state = 'reserved', started_at_us = NULL, cost_micros = 0
WHERE campaign_id = $1 AND state = 'started';

-- :name message_resend (ledger)
UPDATE message SET state = 'reserved', due_at_us = $2, ended_at_us = NULL
WHERE id = $1 AND state = 'unknown';

-- :name message_state (ledger)
SELECT state FROM message WHERE id = $1;

-- ---- answers ----

-- What an event of a message needs to know: whose it is now, and the newest identifier that it can
-- stand on.
-- :name message_answered (ledger)
SELECT m.customer, c.name, c.channel FROM message m JOIN campaign c ON c.id = m.campaign_id
WHERE m.id = $1;

-- :name message_event_identifier (ledger)
SELECT id, origin FROM identifier
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
ORDER BY CASE WHEN kind = $2 THEN 0 ELSE 1 END, seen_at_us DESC, id DESC LIMIT 1;

-- :name message_delivered (ledger)
UPDATE message SET delivered_at_us = coalesce(delivered_at_us, $2) WHERE id = $1;
-- :name message_bounced (ledger)
UPDATE message SET bounced_at_us = coalesce(bounced_at_us, $2) WHERE id = $1;
-- :name message_complained (ledger)
UPDATE message SET complained_at_us = coalesce(complained_at_us, $2) WHERE id = $1;
-- :name message_unsubscribed (ledger)
UPDATE message SET unsubscribed_at_us = coalesce(unsubscribed_at_us, $2) WHERE id = $1;
-- :name message_opened (ledger)
UPDATE message SET opened_at_us = coalesce(opened_at_us, $2) WHERE id = $1;
-- :name message_clicked (ledger)
UPDATE message SET clicked_at_us = coalesce(clicked_at_us, $2) WHERE id = $1;
-- :name message_machine_opened (ledger)
UPDATE message SET machine_opened_at_us = coalesce(machine_opened_at_us, $2) WHERE id = $1;
-- :name message_machine_clicked (ledger)
UPDATE message SET machine_clicked_at_us = coalesce(machine_clicked_at_us, $2) WHERE id = $1;
-- :name message_replied (ledger)
UPDATE message SET replied_at_us = coalesce(replied_at_us, $2) WHERE id = $1;
-- :name message_redeemed (ledger)
UPDATE message SET redeemed_at_us = coalesce(redeemed_at_us, $2) WHERE id = $1;
