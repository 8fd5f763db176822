-- SPDX-License-Identifier: Apache-2.0
-- What waits in quarantine is counted, and tried again in the order it came, however much lies
-- there that was settled (plug/collect/replay.h).

CREATE INDEX quarantine_waiting ON quarantine (import_id, (coalesce(received_at_us, 0)), line, row)
    WHERE state = 'waiting';
