-- SPDX-License-Identifier: Apache-2.0
-- One row, counted up whenever something is said again for an import that others speak for as well,
-- or products, stores and staff are removed: whoever keeps in memory what was said (host/profile)
-- sees that it is stale.

CREATE TABLE profile_epoch (
    epoch BIGINT NOT NULL
);
INSERT INTO profile_epoch (epoch) VALUES (0);
