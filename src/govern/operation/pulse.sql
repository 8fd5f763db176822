-- SPDX-License-Identifier: Apache-2.0

-- $1: the hour from which on rhythms are learnt, $2: that from which on the last day is counted.
-- :name pulse_read (ledger)
WITH active AS MATERIALIZED (
    SELECT sender_id, hour, hour - lag(hour) OVER (PARTITION BY sender_id ORDER BY hour) AS step
    FROM sender_hour
    WHERE hour >= $1 AND accepted_count + duplicate_count + quarantined_count > 0
), ranked AS MATERIALIZED (
    SELECT sender_id, hour, step,
        row_number() OVER (PARTITION BY sender_id ORDER BY coalesce(step, 0) DESC) AS place
    FROM active
), rhythm AS MATERIALIZED (
    SELECT sender_id, count(*) AS hour_count, min(hour) AS first_hour,
        max(CASE WHEN place = 2 THEN step END) AS step
    FROM ranked
    GROUP BY sender_id
)
SELECT s.id, s.name, s.type, s.is_enabled, s.silence_s, max(h.last_at_us), s.created_at_us,
    coalesce(sum(CASE WHEN h.hour >= $2 + 22 THEN h.accepted_count ELSE 0 END), 0),
    coalesce(sum(CASE WHEN h.hour >= $2 THEN h.accepted_count ELSE 0 END), 0),
    coalesce(sum(CASE WHEN h.hour >= $2 THEN h.duplicate_count ELSE 0 END), 0),
    coalesce(sum(CASE WHEN h.hour >= $2 THEN h.quarantined_count ELSE 0 END), 0),
    coalesce(sum(h.accepted_count), 0),
    (SELECT r.hour_count FROM rhythm r WHERE r.sender_id = s.id),
    (SELECT r.first_hour FROM rhythm r WHERE r.sender_id = s.id),
    (SELECT r.step FROM rhythm r WHERE r.sender_id = s.id)
FROM sender s
LEFT JOIN sender_hour h ON h.sender_id = s.id
GROUP BY s.id, s.name, s.type, s.is_enabled, s.silence_s, s.created_at_us
ORDER BY s.name

-- What waits of each source.
-- :name pulse_waiting (ledger)
SELECT import_id, count(*) FROM quarantine WHERE state = 'waiting'
GROUP BY import_id
