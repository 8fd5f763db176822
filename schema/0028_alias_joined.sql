-- SPDX-License-Identifier: Apache-2.0
-- When an origin became its customer: what the customer says of consents after that holds for all
-- of it (govern/consent/consent.h). Of joins from before this column the instant is unknown, and
-- nothing is after it.

ALTER TABLE alias ADD COLUMN joined_at_us BIGINT NOT NULL DEFAULT 9223372036854775807;
