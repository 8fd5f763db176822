// SPDX-License-Identifier: Apache-2.0
// What becomes of jobs whose process died: they are taken up again, but not for ever. A job that
// brings its process down would otherwise do so at every start, and nothing else would be served.
// Which of the jobs that ran was the cause is not known, so each of them is counted.
#include "store/job.h"

#include "base/failure.h"
#include "base/limits.h"
#include "base/time.h"
#include "job_sql.h"
#include "store/job_lease.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stdio.h>

static code note_loss(struct scope *scope, int64_t id, int64_t lost_count) {
    const struct text line =
        text_printf(&scope->arena, "the process that ran this died: %" PRId64 " of %d times",
                    lost_count, LIMIT_JOB_LOSSES);

    return ledger_exec(scope, sql_job_log_insert,
                       BINDS(BIND_INT64(id), BIND_INT64(time_now_us()), BIND_TEXT(line)));
}

static void describe(const struct job *job, struct failure *failure) {
    *failure = (struct failure){.code = INTERNAL};
    snprintf(failure->message, sizeof(failure->message),
             "the process died %d times in a row while it ran this job, which got no further",
             LIMIT_JOB_LOSSES);
    snprintf(failure->detail, sizeof(failure->detail),
             "it was at \"%.*s\", %" PRId64 " of %" PRId64 " %.*s", TEXT_ARG(job->stage), job->done,
             job->total, TEXT_ARG(job->unit));
    snprintf(failure->hint, sizeof(failure->hint),
             "the logs of the server and of the system may say why (was memory short?); "
             "`tessera job resume %" PRId64 "` tries it again",
             job->id);
}

static code give_up(struct scope *scope, int64_t id) {
    CLEANUP(buffer_clear) struct buffer error = {0};
    struct json_writer writer;
    struct failure failure;
    struct job job;

    TRY(job_find(scope, id, &job));
    describe(&job, &failure);
    json_writer_init(&writer, &error);
    failure_write(&writer, &failure);
    return ledger_exec(scope, sql_job_finish,
                       BINDS(BIND_INT64(id), BIND_STRING("failed"), BIND_NULL(),
                             BIND_TEXT(buffer_text(&error)), BIND_INT64(time_now_us())));
}

// Asked again with the turn to write: another process may have taken it over, or its own be back.
static code is_lost_still(struct scope *scope, int64_t id, bool *ret_is_lost) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t now_us;
    bool found;

    TRY(job_lease_now(scope, &now_us));
    TRY(ledger_find(scope, sql_job_owned_one, BINDS(BIND_INT64(id)), &rows, &found));
    *ret_is_lost = found && job_lease_is_over(rows_text(rows, 0), rows_int64(rows, 1), now_us);
    return OK;
}

static code lose(struct scope *scope, int64_t id) {
    int64_t lost_count = 0;
    bool is_lost;

    TRY(is_lost_still(scope, id, &is_lost));
    if (!is_lost)
        return OK;
    // Should its process be alive nevertheless, it has no turn to write for the job any more.
    TRY(ledger_exec(scope, sql_job_lease_take_away, BINDS(BIND_INT64(id))));
    TRY(ledger_exec(scope, sql_job_release, BINDS(BIND_INT64(id)))); // one that waited for it
    TRY(ledger_int64(scope, sql_job_lose, BINDS(BIND_INT64(id)), 0, &lost_count));
    if (lost_count == 0) // it did not run
        return OK;
    TRY(note_loss(scope, id, lost_count));
    return lost_count < LIMIT_JOB_LOSSES ? OK : give_up(scope, id);
}

static code lose_durably(struct scope *scope, int64_t id) {
    TRY(ledger_begin(scope));
    if (lose(scope, id) != OK) {
        ledger_rollback(scope);
        return scope->failure.code;
    }
    return ledger_commit(scope);
}

static code find_lost(struct scope *scope, struct buffer *ids) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t now_us;

    TRY(job_lease_now(scope, &now_us));
    TRY(ledger_query(scope, sql_job_owned, NO_BINDS, &rows));
    while (rows_next(rows)) {
        const int64_t id = rows_int64(rows, 0);

        if (job_lease_is_over(rows_text(rows, 1), rows_int64(rows, 2), now_us))
            buffer_add(ids, &id, sizeof(id));
    }
    return rows_end(rows);
}

code job_recover(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer ids = {0};

    TRY(find_lost(scope, &ids));
    for (size_t at = 0; at < ids.size; at += sizeof(int64_t)) {
        int64_t id;

        memcpy(&id, ids.data + at, sizeof(id));
        TRY(lose_durably(scope, id));
    }
    return OK;
}
