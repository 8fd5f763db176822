-- SPDX-License-Identifier: Apache-2.0

-- Imports that another job than this one began.
-- :name sample_other_imports (ledger)
SELECT count(*) FROM import WHERE job_id <> $1;
