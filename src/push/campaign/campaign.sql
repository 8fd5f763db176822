-- SPDX-License-Identifier: Apache-2.0

-- ---- definitions ----

-- :name campaign_insert (ledger)
INSERT INTO campaign (id, name, description, purpose, channel, segment, state, hold_out_bp, key,
    budget_micros, margin_bp, starts_at_us, send_minute, window_days, test_bp, winner_by,
    winner_after_minutes, actor, created_at_us, changed_at_us, result)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19,
    $20)
ON CONFLICT (name) DO NOTHING;

-- :name campaign_update (ledger)
UPDATE campaign SET description = $2, purpose = $3, channel = $4, segment = $5, hold_out_bp = $6,
    budget_micros = $7, margin_bp = $8, starts_at_us = $9, send_minute = $10, window_days = $11,
    test_bp = $12, winner_by = $13, winner_after_minutes = $14, changed_at_us = $15,
    actor = $16
WHERE id = $1 AND state = 'draft';

-- :name campaign_arm_insert (ledger)
INSERT INTO campaign_arm (campaign_id, arm, name, share, template, template_version, subject, html,
    text)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- :name campaign_arms_delete (ledger)
DELETE FROM campaign_arm WHERE campaign_id = $1;

-- :name campaign_delete (ledger)
DELETE FROM campaign WHERE id = $1;

-- An id comes before a name.
-- :name campaign_find (ledger)
SELECT id, name, description, purpose, channel, segment, state, problem, hold_out_bp, key,
    coalesce(budget_micros, -1), cost_micros, spent_micros, coalesce(margin_bp, -1),
    coalesce(starts_at_us, 0), coalesce(send_minute, -1), window_days, test_bp, winner_by,
    winner_after_minutes, coalesce(winner_arm, -1), actor, coalesce(approved_by, ''),
    coalesce(job_id, 0), created_at_us, changed_at_us, coalesce(approved_at_us, 0),
    coalesce(reserved_at_us, 0), coalesce(started_at_us, 0), coalesce(tested_at_us, 0),
    coalesce(next_at_us, 0), coalesce(finished_at_us, 0), coalesce(result, '')
FROM campaign WHERE name = $1 OR CAST(id AS TEXT) = $1
ORDER BY CASE WHEN name = $1 THEN 1 ELSE 0 END LIMIT 1;

-- :name campaign_arms (ledger)
SELECT name, share, template, coalesce(template_version, 0), subject, html, text
FROM campaign_arm WHERE campaign_id = $1 ORDER BY arm;

-- A page, newest first, with what became of it.
-- :name campaign_list (ledger)
SELECT c.id, c.name, c.state, c.problem, c.purpose, c.channel, c.segment,
    coalesce(c.started_at_us, c.starts_at_us), c.finished_at_us,
    (SELECT count(*) FROM message m WHERE m.campaign_id = c.id) AS people,
    (SELECT count(*) FROM message m WHERE m.campaign_id = c.id
     AND m.state IN ('started', 'accepted', 'unknown')) AS sent,
    c.spent_micros, c.budget_micros, c.actor, c.description
FROM campaign c
WHERE c.id < $1 AND ($2 = '' OR c.state = $2) ORDER BY c.id DESC LIMIT $3;

-- ---- steps ----

-- :name campaign_set_state (ledger)
UPDATE campaign SET state = $2, problem = $3, changed_at_us = $4, next_at_us = $5,
    finished_at_us = $6
WHERE id = $1 AND state = $7;

-- :name campaign_approve (ledger)
UPDATE campaign SET approved_by = $2, approved_at_us = $3, cost_micros = $4 WHERE id = $1;

-- :name campaign_arm_pin (ledger)
UPDATE campaign_arm SET template_version = $3 WHERE campaign_id = $1 AND arm = $2;

-- :name campaign_arms_unpin (ledger)
UPDATE campaign_arm SET template_version = NULL WHERE campaign_id = $1;

-- :name campaign_has_rows (ledger)
SELECT 1 FROM message WHERE campaign_id = $1 LIMIT 1;

-- Paused by the program, with the reason.
-- :name campaign_halt (ledger)
UPDATE campaign SET state = 'paused', problem = $2, next_at_us = NULL, changed_at_us = $3
WHERE id = $1 AND state IN ('approved', 'running');

-- ---- running ----

-- What has something to do and no job that is at it: whose last job was cancelled is told as well.
-- :name campaign_due (ledger)
SELECT c.id, c.name, coalesce(j.state, '')
FROM campaign c LEFT JOIN job j ON j.id = c.job_id
WHERE c.state IN ('approved', 'running') AND coalesce(c.next_at_us, 0) <= $1
  AND coalesce(j.state, 'done') NOT IN ('queued', 'running', 'interrupted')
ORDER BY c.id;

-- :name campaign_set_job (ledger)
UPDATE campaign SET job_id = $2, next_at_us = $3 WHERE id = $1;

-- :name campaign_begin (ledger)
UPDATE campaign SET state = 'running' WHERE id = $1 AND state = 'approved';

-- :name campaign_is_reserved (ledger)
UPDATE campaign SET reserved_at_us = $2 WHERE id = $1;

-- Once more for everybody in the segment.
-- :name campaign_reserve_anew (ledger)
UPDATE campaign SET reserved_at_us = NULL WHERE id = $1;

-- What it may still spend, while nobody else starts anything of it.
-- :name campaign_purse (ledger)
SELECT state, budget_micros, spent_micros FROM campaign WHERE id = $1 /* postgresql: FOR UPDATE */;

-- :name campaign_spend (ledger)
UPDATE campaign SET spent_micros = spent_micros + $2,
    started_at_us = coalesce(started_at_us, $3)
WHERE id = $1;

-- :name campaign_is_tested (ledger)
UPDATE campaign SET tested_at_us = coalesce(tested_at_us, $2) WHERE id = $1;

-- :name campaign_set_winner (ledger)
UPDATE campaign SET winner_arm = $2 WHERE id = $1;

-- The rest gets the winner.
-- :name campaign_assign_rest (ledger)
UPDATE message SET arm = $2 WHERE campaign_id = $1 AND state = 'reserved' AND arm IS NULL;

-- When to go on: the next row that is due, and how many wait for the winner.
-- :name campaign_ahead (ledger)
SELECT coalesce(min(CASE WHEN arm IS NOT NULL THEN due_at_us END), 0),
    coalesce(sum(CASE WHEN arm IS NULL THEN 1 ELSE 0 END), 0), count(*)
FROM message WHERE campaign_id = $1 AND state = 'reserved';

-- :name campaign_set_next (ledger)
UPDATE campaign SET next_at_us = $2 WHERE id = $1;

-- For the stop valve: what ended since the campaign was approved or resumed, and refusals of the
-- sender that were final or came three times.
-- :name campaign_valve (ledger)
SELECT coalesce(sum(CASE WHEN state IN ('accepted', 'failed') THEN 1 ELSE 0 END), 0),
    coalesce(sum(CASE WHEN bounced_at_us IS NOT NULL
                        OR (state = 'failed' AND reason = 'address') THEN 1 ELSE 0 END), 0),
    coalesce(sum(CASE WHEN complained_at_us IS NOT NULL THEN 1 ELSE 0 END), 0),
    coalesce(sum(CASE WHEN reason = 'policy' AND (state = 'failed' OR tries >= 3)
                 THEN 1 ELSE 0 END), 0)
FROM message
WHERE campaign_id = $1
  AND ended_at_us >= (SELECT changed_at_us FROM campaign WHERE id = $1);

-- ---- results ----

-- States and reasons.
-- :name campaign_counts (ledger)
SELECT coalesce(arm, -1), state, reason, count(*), coalesce(sum(cost_micros), 0)
FROM message WHERE campaign_id = $1
GROUP BY coalesce(arm, -1), state, reason ORDER BY coalesce(arm, -1), state, reason;

-- Answers by arm, of what was sent.
-- :name campaign_answers (ledger)
SELECT coalesce(arm, -1) AS arm, count(*) AS sent,
    coalesce(sum(CASE WHEN state = 'accepted' AND bounced_at_us IS NULL THEN 1 ELSE 0 END), 0),
    count(delivered_at_us), count(bounced_at_us), count(complained_at_us),
    count(unsubscribed_at_us), count(opened_at_us), count(clicked_at_us),
    count(machine_opened_at_us), count(machine_clicked_at_us), count(replied_at_us),
    count(redeemed_at_us), coalesce(sum(cost_micros), 0)
FROM message
WHERE campaign_id = $1 AND state IN ('started', 'accepted', 'unknown', 'failed')
GROUP BY coalesce(arm, -1) ORDER BY coalesce(arm, -1);

-- Everybody who was drawn, in the order of who they are now: the arm (-1: held out), and whether
-- they clicked.
-- :name campaign_drawn (ledger)
SELECT coalesce(a.customer, m.customer), coalesce(m.arm, -1),
    CASE WHEN m.clicked_at_us IS NOT NULL THEN 1 ELSE 0 END
FROM message m LEFT JOIN alias a ON a.origin = m.customer
WHERE m.campaign_id = $1 AND (m.state = 'held_out' OR (m.arm IS NOT NULL AND m.reason <> 'stopped'))
ORDER BY coalesce(a.customer, m.customer), m.id;

-- What customers did from $1 until before $2; amounts of currency $3.
-- :name campaign_bought (lake)
SELECT coalesce(a.customer, s.origin) AS customer, 
    sum(CASE WHEN s.currency = $3 THEN s.gross_micros ELSE 0 END) AS gross,
    sum(CASE WHEN s.kind = 'sale' THEN 1 ELSE 0 END) AS receipts
FROM sale s LEFT JOIN alias a ON a.origin = s.origin
WHERE s.origin IS NOT NULL AND s.sold_at_us >= $1 AND s.sold_at_us < $2
GROUP BY 1 ORDER BY 1;

-- :name campaign_currencies (lake)
SELECT currency, count(*) FROM sale WHERE sold_at_us >= $1 AND sold_at_us < $2
GROUP BY currency ORDER BY currency;

-- A page of a campaign's messages in a state.
-- :name campaign_messages (ledger)
SELECT m.id, m.customer, coalesce(a.name, ''), m.state, m.reason, m.detail, m.due_at_us, m.tries,
    m.started_at_us, m.delivered_at_us, m.opened_at_us, m.clicked_at_us
FROM message m LEFT JOIN campaign_arm a ON a.campaign_id = m.campaign_id AND a.arm = m.arm
WHERE m.campaign_id = $1 AND m.id > $2 AND ($3 = '' OR m.state = $3)
ORDER BY m.id LIMIT $4;

-- :name campaign_message_of (ledger)
SELECT 1 FROM message WHERE id = $1 AND campaign_id = $2;

-- :name campaign_customer_attributes (ledger)
SELECT coalesce(attributes, '') FROM customer WHERE id = $1;

-- There is something to do again.
-- :name campaign_reopen (ledger)
UPDATE campaign SET next_at_us = $2, finished_at_us = NULL,
    state = CASE WHEN state = 'finished' THEN 'running' ELSE state END
WHERE id = $1;
