-- SPDX-License-Identifier: Apache-2.0
-- Where the rows of large tables stand when they are spread over several machines (store/home.h).
-- A row keeps its home, whoever it belongs to later: a join or its undoing moves none. Rows from
-- before have none until somebody spreads them (store/distribute.h).
ALTER TABLE sale ADD COLUMN home BIGINT;
ALTER TABLE sale_line ADD COLUMN home BIGINT; -- its sale's
ALTER TABLE event ADD COLUMN home BIGINT;
ALTER TABLE consent ADD COLUMN home BIGINT;
