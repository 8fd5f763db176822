-- SPDX-License-Identifier: Apache-2.0

-- What a sender brings, as an import that never ends and can be replayed and taken back.
-- :name inbound_open (ledger)
INSERT INTO import (id, job_id, kind, source, path, file_bytes, file_digest, mapping, state,
    created_at_us, finished_at_us, file_name)
VALUES ($1, 0, $2, $3, '', 0, '', $4, 'done', $5, $5, $6)

-- :name inbound_remap (ledger)
UPDATE import SET kind = $2, mapping = $3 WHERE id = $1

-- Nobody else takes for this sender until the end of the transaction. What was taken back begins
-- anew.
-- :name inbound_lock (ledger)
UPDATE import SET state = 'done', undone_at_us = NULL WHERE id = $1 AND state <> 'undoing'
