-- SPDX-License-Identifier: Apache-2.0
-- Names that people gave personas (analyze/persona). A persona keeps its number from run to run,
-- and with it the name; one without a row is called by what describes it.
CREATE TABLE persona_name (
    number BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    actor TEXT NOT NULL,
    changed_at_us BIGINT NOT NULL
);
