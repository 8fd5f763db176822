-- SPDX-License-Identifier: Apache-2.0

-- :name sms_gateway_find (ledger)
SELECT kind, url, sender, user_name, password, handle, report_key
FROM sms_gateway
WHERE id = 1

-- The handle and the key stay what they were: addresses that others have written down. A password
-- is kept for the address that it was given for.
-- :name sms_gateway_put (ledger)
INSERT INTO sms_gateway (id, kind, url, sender, user_name, password, handle, report_key)
VALUES (1, $1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE
SET kind = excluded.kind, url = excluded.url, sender = excluded.sender,
    user_name = excluded.user_name,
    password = CASE WHEN excluded.password = '' AND excluded.url = sms_gateway.url
                         AND excluded.kind = sms_gateway.kind THEN sms_gateway.password
                    ELSE excluded.password END

-- Who has a phone number.
-- :name sms_identifier_find (ledger)
SELECT id, origin
FROM identifier
WHERE kind = $1 AND source = '' AND value = $2

-- The newest text message that went to one of a customer's origins: a reply is to it.
-- :name sms_replied_to (ledger)
SELECT m.id
FROM message m
JOIN campaign c ON c.id = m.campaign_id
WHERE m.customer IN (SELECT CAST($1 AS BIGINT)
                     UNION ALL SELECT origin FROM alias WHERE customer = $1)
  AND m.state = 'accepted' AND c.channel = $2
ORDER BY m.started_at_us DESC
LIMIT 1
