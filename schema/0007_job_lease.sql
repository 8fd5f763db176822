-- SPDX-License-Identifier: Apache-2.0
-- Where several processes work in one database, who runs a job says so again and again; whose lease
-- has run out is taken for dead, and the job is taken up by another (store/job_lease.h). Beside the
-- job's own row, which the work itself may hold for a while.

CREATE TABLE job_lease (
    job_id BIGINT PRIMARY KEY,
    owner TEXT NOT NULL,               -- as in the job's row
    until_us BIGINT NOT NULL
);
