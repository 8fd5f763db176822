-- SPDX-License-Identifier: Apache-2.0

-- Somebody looks at a source.
-- :name recent_beat (ledger)
INSERT INTO recent_watch (sender_id, beat) VALUES ($1, 1)
ON CONFLICT (sender_id) DO UPDATE SET beat = recent_watch.beat + 1;

-- :name recent_watches (ledger)
SELECT sender_id, beat FROM recent_watch ORDER BY sender_id;

-- :name recent_newest (ledger)
SELECT max(id) FROM recent;

-- Only while somebody looks: who ends that takes away what is there.
-- :name recent_insert (ledger)
INSERT INTO recent (id, writer, number, sender_id, received_at_us, at_us, type, outcome, name, key,
    kinds, detail)
SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), sender_id, CAST($5 AS BIGINT),
    CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($9 AS TEXT),
    CAST($10 AS TEXT), CAST($11 AS TEXT), CAST($12 AS TEXT)
FROM recent_watch WHERE sender_id = $4;

-- What others than $2 have put there of source $1, behind $3.
-- :name recent_of_others (ledger)
SELECT id, writer, number, received_at_us, at_us, type, outcome, name, key, kinds, detail
FROM recent WHERE sender_id = $1 AND writer <> $2 AND id > $3 ORDER BY id;

-- What writer $2 has put there of source $1, and received before $3.
-- :name recent_forget_older (ledger)
DELETE FROM recent WHERE sender_id = $1 AND writer = $2 AND received_at_us < $3;

-- What is older than anybody keeps it, whoever put it there: a server that is gone, too.
-- :name recent_forget_old (ledger)
DELETE FROM recent WHERE received_at_us < $1;

-- Nobody looks any more, unless the watch has counted on since.
-- :name recent_unwatch (ledger)
DELETE FROM recent_watch WHERE sender_id = $1 AND beat = $2;
-- :name recent_forget (ledger)
DELETE FROM recent WHERE sender_id = $1
    AND NOT EXISTS (SELECT 1 FROM recent_watch w WHERE w.sender_id = $1);
