-- SPDX-License-Identifier: Apache-2.0
-- Dashboards that go out by e-mail (push/sheet/sheet_mail.h).
CREATE TABLE dashboard_mail (
    id BIGINT PRIMARY KEY,
    dashboard TEXT NOT NULL,           -- its name
    recipients TEXT NOT NULL,          -- JSON: addresses of colleagues, written by one of them
    rhythm INTEGER NOT NULL,           -- enum sheet_rhythm
    day BIGINT NOT NULL,
    hour BIGINT NOT NULL,              -- business time zone
    format INTEGER NOT NULL,           -- enum sheet_format
    next_at_us BIGINT NOT NULL,
    sent_at_us BIGINT,
    outcome TEXT NOT NULL,             -- of the last one; empty: there was none
    actor TEXT NOT NULL,
    changed_at_us BIGINT NOT NULL
);
CREATE INDEX dashboard_mail_by_next ON dashboard_mail (next_at_us);
CREATE INDEX dashboard_mail_by_dashboard ON dashboard_mail (dashboard, id);
