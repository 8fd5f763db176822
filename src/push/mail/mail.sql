-- SPDX-License-Identifier: Apache-2.0

-- :name mail_setup_find (ledger)
SELECT host, port, tls, user_name, password, helo, connections, per_domain, from_name, from_address,
       reply_to, return_host, list_id, feedback_id, warm_up_per_day, warm_up_day, secret
FROM mail_setup WHERE id = 1

-- :name mail_setup_put (ledger)
INSERT INTO mail_setup (id, host, port, tls, user_name, password, helo, connections, per_domain,
    from_name, from_address, reply_to, return_host, list_id, feedback_id, warm_up_per_day,
    warm_up_day, secret)
VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (id) DO UPDATE SET host = excluded.host, port = excluded.port, tls = excluded.tls,
    user_name = excluded.user_name, password = excluded.password, helo = excluded.helo,
    connections = excluded.connections, per_domain = excluded.per_domain,
    from_name = excluded.from_name, from_address = excluded.from_address,
    reply_to = excluded.reply_to, return_host = excluded.return_host, list_id = excluded.list_id,
    feedback_id = excluded.feedback_id, warm_up_per_day = excluded.warm_up_per_day,
    warm_up_day = excluded.warm_up_day

-- :name mail_key_insert (ledger)
INSERT INTO mail_key (selector, domain, algorithm, secret, record, state, created_at_us)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (selector) DO NOTHING RETURNING 1

-- The names of algorithms and states are those of the program.
-- :name mail_key_all (ledger)
SELECT selector, domain, algorithm, state, record, created_at_us
FROM mail_key ORDER BY state, created_at_us, selector

-- :name mail_key_signing (ledger)
SELECT algorithm, domain, selector, secret FROM mail_key WHERE state = 2 ORDER BY algorithm

-- :name mail_key_algorithm (ledger)
SELECT algorithm, state FROM mail_key WHERE selector = $1

-- :name mail_key_retire (ledger)
UPDATE mail_key SET state = 3 WHERE algorithm = $1 AND state = 2

-- :name mail_key_sign (ledger)
UPDATE mail_key SET state = 2 WHERE selector = $1

-- :name mail_key_delete (ledger)
DELETE FROM mail_key WHERE selector = $1

-- What became of mails to one destination on a day.
-- :name mail_day_add (ledger)
INSERT INTO mail_day (day, domain, accepted, put_off, failed, unknown, delivered, bounced,
    complained)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (day, domain) DO UPDATE SET accepted = mail_day.accepted + excluded.accepted,
    put_off = mail_day.put_off + excluded.put_off, failed = mail_day.failed + excluded.failed,
    unknown = mail_day.unknown + excluded.unknown,
    delivered = mail_day.delivered + excluded.delivered,
    bounced = mail_day.bounced + excluded.bounced,
    complained = mail_day.complained + excluded.complained

-- :name mail_day_sent (ledger)
SELECT accepted + unknown FROM mail_day WHERE day = $1 AND domain = $2

-- $1: from this day on.
-- :name mail_day_domains (ledger)
SELECT domain, SUM(accepted), SUM(put_off), SUM(failed), SUM(unknown), SUM(delivered),
       SUM(bounced), SUM(complained)
FROM mail_day WHERE day >= $1 GROUP BY domain ORDER BY SUM(accepted) DESC, domain LIMIT 200

-- :name mail_bounce_put (ledger)
INSERT INTO mail_bounce (identifier_id, message_id, class, at_us) VALUES ($1, $2, $3, $4)
ON CONFLICT (identifier_id, message_id) DO NOTHING RETURNING 1

-- How many soft ones since $2, and the first of them.
-- :name mail_bounce_soft (ledger)
SELECT COUNT(*), MIN(at_us), MAX(at_us) FROM mail_bounce
WHERE identifier_id = $1 AND at_us >= $2 AND class = 2

-- $1: a message, $2: an address, $3: of this kind.
-- :name mail_report_address (ledger)
SELECT i.id, i.value FROM identifier i
WHERE i.kind = $3 AND (
    i.origin = (SELECT customer FROM message WHERE id = $1)
    OR i.origin = (SELECT a.customer FROM alias a
                   WHERE a.origin = (SELECT customer FROM message WHERE id = $1))
    OR i.origin IN (SELECT a.origin FROM alias a
                    WHERE a.customer IN (
                        (SELECT customer FROM message WHERE id = $1),
                        (SELECT b.customer FROM alias b
                         WHERE b.origin = (SELECT customer FROM message WHERE id = $1)))))
ORDER BY CASE WHEN i.value = $2 THEN 0 ELSE 1 END, i.seen_at_us DESC, i.id DESC LIMIT 1

-- When a message was handed over; its customer's visits before that are nobody's.
-- :name mail_message_sent_at (ledger)
SELECT started_at_us FROM message WHERE id = $1
