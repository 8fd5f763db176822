-- SPDX-License-Identifier: Apache-2.0
-- What a source sent and was kept apart is deleted after the days that the setting quarantine_days
-- says (plug/tag/expiry.h): the oldest of it is found without looking at all that was settled.

CREATE INDEX quarantine_kept ON quarantine (received_at_us) WHERE raw <> '';
