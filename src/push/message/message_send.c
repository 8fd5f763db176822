// SPDX-License-Identifier: Apache-2.0
// A batch costs two durable commits, however many messages it has: one before the channel hears of
// them, one for what became of them. Between the two the rows say "started"; whoever finds them so
// later knows that they may have arrived.
#include "base/time.h"
#include "message_sql.h"
#include "push/channel/channel_out.h"
#include "push/message/message.h"
#include "store/ledger.h"
#include "store/unit.h"

#include <inttypes.h>
#include <stdio.h>

enum { FIRST_RETRY_S = 300, LONGEST_RETRY_S = 4000, KEPT_TRYING_DAYS = 5 };

struct batch {
    struct message_run *run;
    struct message_work *work;
    size_t count;
    struct message_batch *done;
    struct message_batch before; // what a transaction that is run again begins with
};

// ---- what is due ----

static code read_due(struct scope *scope, const struct message_run *run, size_t limit,
                     struct message_work *work, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t count = 0;

    TRY(ledger_query(scope, sql_message_due,
                     BINDS(BIND_INT64(run->order.campaign_id), BIND_INT64(scope->now_us),
                           BIND_INT64((int64_t)limit)),
                     &rows));
    while (count < limit && rows_next(rows))
        work[count++].message = (struct message){
            .id = rows_int64(rows, 0),
            .campaign_id = run->order.campaign_id,
            .step = (int32_t)rows_int64(rows, 1),
            .customer = rows_int64(rows, 2),
            .arm = (int32_t)rows_int64(rows, 3),
            .tries = (int32_t)rows_int64(rows, 4),
            .first_at_us = rows_int64(rows, 5),
        };
    *ret_count = count;
    return rows_end(rows);
}

static code address_one(struct scope *scope, const struct message_run *run,
                        struct message_work *work) {
    struct message_addressee addressee = {0};
    const char *refusal;

    TRY(message_may(scope, &run->rules, &work->message, &refusal, &addressee));
    work->cost_micros = run->cost_micros;
    work->content = (struct channel_message){
        .id = work->message.id,
        .key = text_printf(&scope->arena, "%" PRIx64 ".%" PRIx64, work->message.id,
                           work->message.campaign_id),
        .customer = refusal ? 0 : addressee.customer,
        .identifier_id = addressee.identifier_id,
        .address = addressee.address,
        .tries = work->message.tries,
    };
    return OK;
}

static code render(struct scope *scope, struct batch *batch) {
    struct message_run *run = batch->run;
    const struct channel *channel = run->rules.channel;

    for (size_t i = 0; i < batch->count; i++)
        TRY(address_one(scope, run, &batch->work[i]));
    TRY(run->render(scope, run, batch->work, batch->count));
    for (size_t i = 0; i < batch->count && channel->cost; i++)
        if (batch->work[i].content.customer != 0 && !batch->work[i].refusal)
            TRY(channel->cost(scope, &batch->work[i].content, run->cost_micros,
                              &batch->work[i].cost_micros));
    return OK;
}

// ---- starting ----

static code refuse(struct scope *scope, struct batch *batch, const struct message_work *work,
                   const char *refusal) {
    batch->done->refused++;
    return ledger_exec(
        scope, sql_message_refuse,
        BINDS(BIND_INT64(work->message.id), BIND_STRING(refusal), BIND_INT64(scope->now_us)));
}

static code put_off(struct scope *scope, struct batch *batch, const struct message_work *work) {
    batch->done->put_off++;
    return ledger_exec(scope, sql_message_put_off,
                       BINDS(BIND_INT64(work->message.id), BIND_INT64(work->wait_until_us),
                             BIND_STRING("quiet_hours")));
}

// Another process may have it by now: then it is not ours.
static code start_row(struct scope *scope, struct batch *batch, struct message_work *work,
                      int64_t *left_micros) {
    const char *refusal = NULL;
    bool is_taken = true;
    int64_t count = 0;

    if (work->cost_micros > *left_micros) {
        batch->done->is_over_budget = true;
        return OK;
    }
    if (batch->run->claim)
        TRY(batch->run->claim(scope, work, &refusal, &is_taken));
    if (refusal)
        return refuse(scope, batch, work, refusal);
    if (!is_taken)
        return OK;
    TRY(ledger_change(scope, sql_message_start,
                      BINDS(BIND_INT64(work->message.id), BIND_INT64(scope->now_us),
                            BIND_INT64(work->cost_micros)),
                      &count));
    if (count == 0)
        return OK;
    work->is_started = true;
    *left_micros -= work->cost_micros;
    batch->done->started++;
    return OK;
}

static code start_one(struct scope *scope, struct batch *batch, struct message_work *work,
                      int64_t *left_micros) {
    struct message_addressee addressee = {0};
    const char *refusal;

    TRY(message_may(scope, &batch->run->rules, &work->message, &refusal, &addressee));
    if (refusal)
        return refuse(scope, batch, work, refusal);
    if (addressee.customer != work->content.customer ||
        addressee.identifier_id != work->content.identifier_id)
        return OK; // it was made for somebody else: made anew in the next batch
    if (work->refusal)
        return refuse(scope, batch, work, work->refusal);
    if (work->wait_until_us > scope->now_us)
        return put_off(scope, batch, work);
    return start_row(scope, batch, work, left_micros);
}

static code start_all(struct scope *scope, struct batch *batch) {
    struct message_purse purse;
    int64_t left_micros;

    TRY(batch->run->open_purse(scope, batch->run, &purse));
    batch->done->is_stopped = !purse.is_open;
    if (!purse.is_open)
        return OK;
    left_micros = purse.left_micros;
    for (size_t i = 0; i < batch->count && !batch->done->is_over_budget; i++)
        TRY(start_one(scope, batch, &batch->work[i], &left_micros));
    return batch->run->spend(scope, batch->run, purse.left_micros - left_micros);
}

static code start(struct scope *scope, void *argument) {
    struct batch *batch = argument;

    *batch->done = batch->before;
    for (size_t i = 0; i < batch->count; i++)
        batch->work[i].is_started = false;
    TRY(ledger_begin(scope));
    return ledger_end(scope, start_all(scope, batch));
}

// ---- handing over ----

// A file is named by the first message in it.
static const char *file_path(struct scope *scope, const struct message_run *run, int64_t first_id) {
    return arena_printf(&scope->arena, "%s/%" PRId64 "-%" PRIx64 ".%s", run->file_folder,
                        run->order.campaign_id, first_id, run->rules.channel->file_extension);
}

static code make_file(struct scope *scope, const struct message_run *run,
                      const struct channel_message *messages, size_t count,
                      struct channel_outcome *outcomes) {
    const char *path = file_path(scope, run, messages[0].id);
    const code result =
        run->rules.channel->make(scope, &run->order, messages, count, path, outcomes);

    if (result == OK)
        return OK;
    channel_out_remove(scope, path);
    for (size_t i = 0; i < count; i++) {
        outcomes[i] =
            (struct channel_outcome){.result = CHANNEL_PUT_OFF, .class = CHANNEL_CLASS_PLACE};
        snprintf(outcomes[i].detail, sizeof(outcomes[i].detail), "%.199s", scope->failure.message);
    }
    return result;
}

static code hand_over(struct scope *scope, struct batch *batch) {
    const size_t count = (size_t)batch->done->started;
    struct channel_message *messages = arena_array(&scope->arena, count, sizeof(*messages));
    struct channel_outcome *outcomes = arena_array(&scope->arena, count, sizeof(*outcomes));
    const struct message_run *run = batch->run;
    const struct channel *channel = run->rules.channel;
    code result;
    size_t next = 0;

    for (size_t i = 0; i < batch->count; i++)
        if (batch->work[i].is_started) {
            outcomes[next].cost_micros = -1;
            messages[next++] = batch->work[i].content;
        }
    if (channel->way == CHANNEL_AS_A_FILE)
        result = make_file(scope, run, messages, count, outcomes);
    else
        result = channel->send(scope, run->connection, &run->order, messages, count, outcomes);
    next = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (batch->work[i].is_started)
            batch->work[i].outcome = outcomes[next++];
    return result;
}

// ---- outcomes ----

static int64_t next_try_us(const struct scope *scope, const struct message_work *work) {
    int64_t wait_s = FIRST_RETRY_S;

    for (int32_t i = 0; i < work->message.tries && wait_s < LONGEST_RETRY_S; i++)
        wait_s *= 2;
    if (wait_s > LONGEST_RETRY_S)
        wait_s = LONGEST_RETRY_S;
    return work->outcome.retry_at_us > scope->now_us ? work->outcome.retry_at_us
                                                     : scope->now_us + wait_s * US_PER_SECOND;
}

static bool is_given_up(const struct scope *scope, const struct message_work *work) {
    return work->message.first_at_us > 0 &&
           scope->now_us - work->message.first_at_us > KEPT_TRYING_DAYS * US_PER_DAY;
}

static code finish_row(struct scope *scope, const struct message_work *work,
                       enum message_state state, const char *reason, int64_t cost_micros) {
    return ledger_exec(scope, sql_message_finish,
                       BINDS(BIND_INT64(work->message.id), BIND_STRING(message_state_name(state)),
                             BIND_STRING(reason), BIND_STRING(work->outcome.detail),
                             BIND_INT64(cost_micros), BIND_INT64(scope->now_us),
                             BIND_INT64(work->message.tries + 1)));
}

static code untry(struct scope *scope, const struct message_work *work, const char *reason) {
    const int64_t due_at_us =
        work->outcome.retry_at_us > 0 ? work->outcome.retry_at_us : scope->now_us;

    return ledger_exec(scope, sql_message_untry,
                       BINDS(BIND_INT64(work->message.id), BIND_INT64(due_at_us),
                             BIND_STRING(reason), BIND_STRING(work->outcome.detail),
                             BIND_INT64(work->message.tries + 1)));
}

static code finish_one(struct scope *scope, struct batch *batch, const struct message_work *work,
                       int64_t *ret_cost_micros) {
    const struct channel_outcome *outcome = &work->outcome;
    const char *reason = channel_class_name(outcome->class);
    const bool may_have_cost =
        outcome->result == CHANNEL_ACCEPTED || outcome->result == CHANNEL_UNKNOWN;
    const int64_t cost_micros = outcome->cost_micros >= 0 ? outcome->cost_micros
                                : may_have_cost           ? work->cost_micros
                                                          : 0;

    *ret_cost_micros = cost_micros;
    switch (outcome->result) {
    case CHANNEL_ACCEPTED:
        batch->done->accepted++;
        return finish_row(scope, work, MESSAGE_ACCEPTED, "", cost_micros);
    case CHANNEL_RETRY:
        if (is_given_up(scope, work))
            break;
        batch->done->retried++;
        return ledger_exec(scope, sql_message_retry,
                           BINDS(BIND_INT64(work->message.id), BIND_INT64(next_try_us(scope, work)),
                                 BIND_STRING(reason), BIND_STRING(outcome->detail),
                                 BIND_INT64(work->message.tries + 1), BIND_INT64(scope->now_us)));
    case CHANNEL_PUT_OFF:
        batch->done->put_off++;
        return untry(scope, work, reason);
    case CHANNEL_FAILED:
        break;
    case CHANNEL_UNKNOWN:
    default:
        batch->done->unknown++;
        return finish_row(scope, work, MESSAGE_UNKNOWN, reason, cost_micros);
    }
    batch->done->failed++;
    return finish_row(scope, work, MESSAGE_FAILED, reason, cost_micros);
}

static code finish_all(struct scope *scope, struct batch *batch) {
    int64_t more_micros = 0;

    for (size_t i = 0; i < batch->count; i++) {
        int64_t cost_micros;

        if (!batch->work[i].is_started)
            continue;
        TRY(finish_one(scope, batch, &batch->work[i], &cost_micros));
        more_micros += cost_micros - batch->work[i].cost_micros;
    }
    return more_micros == 0 ? OK : batch->run->spend(scope, batch->run, more_micros);
}

static code finish(struct scope *scope, void *argument) {
    struct batch *batch = argument;

    *batch->done = batch->before;
    TRY(ledger_begin(scope));
    return ledger_end(scope, finish_all(scope, batch));
}

// What was sent stands in the ledger even when the channel failed in the middle, or somebody asked
// the work to stop meanwhile: the first failure is told afterwards.
static code send_started(struct scope *scope, struct batch *batch) {
    const struct failure none = scope->failure;
    const atomic_bool *cancelled = scope->cancelled;
    const code result = hand_over(scope, batch);
    const struct failure failure = scope->failure;
    code written;

    scope->failure = none;
    scope->cancelled = NULL;
    batch->before = *batch->done;
    written = unit_run(scope, finish, batch);
    scope->cancelled = cancelled;
    if (written != OK || result == OK)
        return written;
    scope->failure = failure;
    return result;
}

code message_send_batch(struct scope *scope, struct message_run *run, size_t limit,
                        struct message_batch *ret_batch) {
    struct message_batch done = {0};
    struct batch batch = {
        .run = run,
        .work = arena_array(&scope->arena, limit, sizeof(*batch.work)),
        .done = &done,
    };

    TRY(read_due(scope, run, limit, batch.work, &batch.count));
    done.looked_at = (int64_t)batch.count;
    batch.before = done;
    if (batch.count > 0) {
        TRY(render(scope, &batch));
        TRY(unit_run(scope, start, &batch));
    }
    if (done.started > 0)
        TRY(send_started(scope, &batch));
    *ret_batch = done;
    return OK;
}

// ---- what a crash left ----

struct recovery {
    struct message_run *run;
    int64_t count;
};

static code read_unfinished(struct scope *scope, const struct message_run *run,
                            int64_t *ret_first_id, int64_t *ret_cost_micros) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    *ret_first_id = *ret_cost_micros = 0;
    TRY(ledger_query(scope, sql_message_unfinished, BINDS(BIND_INT64(run->order.campaign_id)),
                     &rows));
    while (rows_next(rows)) {
        if (*ret_first_id == 0)
            *ret_first_id = rows_int64(rows, 0);
        *ret_cost_micros += rows_int64(rows, 1);
    }
    return rows_end(rows);
}

// The file that is made next may begin with another message, as people opt out meanwhile: the one
// that is there would be a second one of the same messages.
static code take_back_file(struct scope *scope, struct recovery *recovery) {
    struct message_run *run = recovery->run;
    int64_t first_id, cost_micros;

    TRY(read_unfinished(scope, run, &first_id, &cost_micros));
    if (first_id != 0)
        channel_out_remove(scope, file_path(scope, run, first_id));
    TRY(ledger_change(scope, sql_message_recover_file, BINDS(BIND_INT64(run->order.campaign_id)),
                      &recovery->count));
    return cost_micros == 0 ? OK : run->spend(scope, run, -cost_micros);
}

static code recover_all(struct scope *scope, struct recovery *recovery) {
    if (recovery->run->rules.channel->way == CHANNEL_AS_A_FILE)
        return take_back_file(scope, recovery);
    return ledger_change(
        scope, sql_message_recover,
        BINDS(BIND_INT64(recovery->run->order.campaign_id), BIND_INT64(scope->now_us)),
        &recovery->count);
}

static code recover(struct scope *scope, void *argument) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, recover_all(scope, argument));
}

code message_recover(struct scope *scope, struct message_run *run, int64_t *ret_count) {
    struct recovery recovery = {.run = run};

    TRY(unit_run(scope, recover, &recovery));
    *ret_count = recovery.count;
    return OK;
}
