-- SPDX-License-Identifier: Apache-2.0
-- Templates of messages (push/template). A version is never changed: a message names the one that
-- it was written from.
CREATE TABLE template (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind INTEGER NOT NULL,             -- enum template_kind
    newest INTEGER NOT NULL            -- number of its newest version
);

CREATE TABLE template_version (
    id BIGINT PRIMARY KEY,
    template_id BIGINT NOT NULL,
    number INTEGER NOT NULL,           -- from 1
    description TEXT NOT NULL,
    content TEXT NOT NULL,             -- JSON: subject, html, text, variants
    actor TEXT NOT NULL,
    saved_at_us BIGINT NOT NULL,
    UNIQUE (template_id, number)
);
