-- SPDX-License-Identifier: Apache-2.0
-- Where text messages go (push/sms/gateway.h): one row, with id 1.

CREATE TABLE sms_gateway (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    kind TEXT NOT NULL,                -- kannel, http
    url TEXT NOT NULL,
    sender TEXT NOT NULL,              -- whom people see; empty: the gateway's own
    user_name TEXT NOT NULL,
    password TEXT NOT NULL,            -- sealed (govern/access/seal.h); empty: none
    handle TEXT NOT NULL,              -- in the address of replies
    report_key TEXT NOT NULL           -- sealed: names messages in the addresses of reports
);
