-- SPDX-License-Identifier: Apache-2.0
-- How far the messages are that ask to confirm a consent (govern/consent/double_opt_in.h).

-- waiting, started (nothing is known of its end), sent, failed, needless
ALTER TABLE consent_confirmation ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
ALTER TABLE consent_confirmation ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE consent_confirmation ADD COLUMN next_at_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE consent_confirmation ADD COLUMN detail TEXT;
CREATE INDEX consent_confirmation_by_state ON consent_confirmation (state, next_at_us);
