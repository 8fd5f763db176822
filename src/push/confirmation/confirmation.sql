-- SPDX-License-Identifier: Apache-2.0

-- One that has not ended, or was made a moment ago.
-- :name confirmation_job_is_there (ledger)
SELECT COUNT(*) FROM job
WHERE kind = 'confirmation'
  AND (state IN ('queued', 'running', 'interrupted') OR created_at_us > $1)
