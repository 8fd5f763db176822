// SPDX-License-Identifier: Apache-2.0
// The job of a campaign. First everybody gets a row: refused with the reason, held out, an arm, or
// waiting for the winner; then the rows are sent batch by batch, until none is due. Whatever it did
// stands in the rows: a run that was interrupted is taken up by looking at them. While nothing is
// due there is no job: campaign_start_due makes one when its time has come.
#include "base/clock.h"
#include "base/progress.h"
#include "base/time.h"
#include "campaign_sql.h"
#include "push/campaign/campaign_audience.h"
#include "push/campaign/campaign_content.h"
#include "push/campaign/campaign_coupon.h"
#include "push/campaign/campaign_record.h"
#include "push/campaign/campaign_winner.h"
#include "push/campaign/campaign_zone.h"
#include "push/campaign/draw.h"
#include "push/channel/channel_out.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/store.h"
#include "store/unit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

enum {
    RESERVED_AT_ONCE = 1000,
    SENT_AT_ONCE = 200,
    MADE_AT_ONCE = 5000, // of one file
    AGAIN_AFTER_S = 60,  // a job that failed
    // The stop valve (docs/campaigns.md): shares that end a campaign, and how many it takes.
    VALVE_BOUNCES_BP = 500,
    VALVE_LEAST_BOUNCES = 10,
    VALVE_COMPLAINTS_HALT = 300, // of 100,000
    VALVE_LEAST_COMPLAINTS = 2,
    VALVE_LOOKS_ONE_OF = 20, // of the time: it reads all messages of the campaign
};

struct run {
    struct campaign campaign;
    struct campaign_content *content;
    struct campaign_zones *zones;
    struct message_run messages;
    struct channel_terms terms;
    int64_t done, total;
    int64_t look_again_us; // at the valve; by clock_us
};

static void run_clear(struct run *run) {
    if (run->messages.connection && run->campaign.channel->close)
        run->campaign.channel->close(run->messages.connection);
    campaign_rules_clear(&run->messages.rules);
    campaign_content_close(&run->content);
    campaign_zones_close(&run->zones);
}

// ---- everybody gets a row ----

static bool has_hours(const struct run *run) {
    return run->campaign.send_minute >= 0 || run->campaign.channel->is_quiet_at_night;
}

static code due_of(struct scope *scope, struct run *run, int64_t customer, int64_t *ret_due_us) {
    static const struct quiet_hours none;
    struct zone *zone;

    *ret_due_us = scope->now_us;
    if (!has_hours(run))
        return OK;
    TRY(campaign_zone_of(scope, run->zones, customer, &zone));
    *ret_due_us = send_time_next(
        zone, scope->now_us, run->campaign.send_minute,
        run->campaign.channel->is_quiet_at_night ? campaign_quiet_hours(run->zones) : &none);
    return OK;
}

static code reserve_one(struct scope *scope, struct run *run, const struct draw *draw,
                        int64_t customer) {
    struct message_reservation reservation = {
        .campaign_id = run->campaign.id, .customer = customer, .arm = -1, .state = MESSAGE_REFUSED};
    const struct message message = {.customer = customer, .step = -1};
    struct message_addressee addressee;
    int64_t renewed = 0;
    bool is_new;

    reservation.due_at_us = scope->now_us;
    TRY(message_may(scope, &run->messages.rules, &message, &reservation.refusal, &addressee));
    if (!reservation.refusal) {
        const int32_t arm = draw_arm(draw, customer);

        reservation.state = arm == DRAWN_HELD_OUT ? MESSAGE_HELD_OUT : MESSAGE_RESERVED;
        reservation.arm = arm >= 0 ? arm : -1;
        TRY(due_of(scope, run, customer, &reservation.due_at_us));
        if (campaign_keeps_list(&run->campaign))
            TRY(message_renew(scope, run->campaign.id, customer, &renewed));
    }
    return renewed > 0 ? OK : message_reserve(scope, &reservation, &is_new);
}

struct reserving {
    struct run *run;
    struct draw draw;
    const int64_t *customers;
    size_t count;
};

static code reserve_all(struct scope *scope, const struct reserving *part) {
    for (size_t i = 0; i < part->count; i++)
        TRY(reserve_one(scope, part->run, &part->draw, part->customers[i]));
    return OK;
}

static code reserve_part(struct scope *scope, void *argument) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    code result;

    TRY(ledger_begin(scope));
    result = ledger_end(scope, reserve_all(scope, argument));
    arena_rewind(&scope->arena, mark);
    return result;
}

// ---- who leaves the receiver's list ----

struct staying {
    struct message_rules rules;
    const int64_t *customers; // of the segment, ascending
    size_t count;
};

static int by_id(const void *one, const void *other) {
    const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

    return (a > b) - (a < b);
}

static code ask_stayer(struct scope *scope, void *owner, int64_t customer, int64_t *ret_customer) {
    const struct staying *staying = owner;
    const struct message message = {.customer = customer, .step = -1};
    struct message_addressee addressee;
    const char *refusal;

    TRY(message_may(scope, &staying->rules, &message, &refusal, &addressee));
    if (!refusal && !bsearch(&addressee.customer, staying->customers, staying->count,
                             sizeof(*staying->customers), by_id))
        refusal = "";
    *ret_customer = refusal ? 0 : addressee.customer;
    return OK;
}

// A cap is for what comes, and takes nobody off a list.
static code take_off(struct scope *scope, const struct run *run, const int64_t *customers,
                     size_t count) {
    struct staying staying = {.rules = run->messages.rules, .customers = customers, .count = count};
    const struct channel_stayers stayers = {&staying, ask_stayer};

    staying.rules.cap_count = 0;
    return run->campaign.channel->take_off(scope, &run->messages.order, &stayers,
                                           arena_printf(&scope->arena, "%s/%" PRId64 "-%" PRIx64,
                                                        run->messages.file_folder, run->campaign.id,
                                                        store_new_id(scope)));
}

// ---- everybody of the segment ----

static code reserve(struct scope *scope, struct run *run) {
    struct campaign *campaign = &run->campaign;
    int32_t shares[CAMPAIGN_ARMS];
    struct reserving part = {
        .run = run,
        .draw = {.key = campaign->key,
                 .hold_out_bp = campaign->hold_out_bp,
                 .test_bp = campaign->arm_count > 1 ? campaign->test_bp : CAMPAIGN_EVERYBODY_BP,
                 .shares = shares,
                 .arm_count = campaign->arm_count}};
    const int64_t *customers;
    size_t total;

    for (size_t i = 0; i < campaign->arm_count; i++)
        shares[i] = campaign->arms[i].share;
    TRY(campaign_members(scope, campaign, &customers, &total));
    if (campaign_keeps_list(campaign))
        TRY(take_off(scope, run, customers, total));
    for (size_t done = 0; done < total; done += part.count) {
        TRY(scope_check(scope));
        part.customers = customers + done;
        part.count = total - done < RESERVED_AT_ONCE ? total - done : RESERVED_AT_ONCE;
        TRY(unit_run(scope, reserve_part, &part));
        progress_report(scope->progress, "choosing", (int64_t)(done + part.count), (int64_t)total,
                        "customers");
    }
    campaign->reserved_at_us = scope->now_us;
    return ledger_exec(scope, sql_campaign_is_reserved,
                       BINDS(BIND_INT64(campaign->id), BIND_INT64(scope->now_us)));
}

// ---- what message_send_batch asks ----

static code render(struct scope *scope, struct message_run *messages, struct message_work *work,
                   size_t count) {
    struct run *run = messages->owner;

    for (size_t i = 0; i < count && run->campaign.channel->is_quiet_at_night; i++) {
        struct zone *zone;

        if (work[i].content.customer == 0)
            continue;
        TRY(campaign_zone_of(scope, run->zones, work[i].content.customer, &zone));
        if (send_time_is_quiet(zone, scope->now_us, campaign_quiet_hours(run->zones)))
            work[i].wait_until_us = send_time_next(zone, scope->now_us, run->campaign.send_minute,
                                                   campaign_quiet_hours(run->zones));
    }
    return campaign_content_render(scope, run->content, work, count);
}

static code open_purse(struct scope *scope, struct message_run *messages,
                       struct message_purse *ret_purse) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_campaign_purse, BINDS(BIND_INT64(messages->order.campaign_id)),
                    &rows, &found));
    *ret_purse = (struct message_purse){
        .is_open = found && text_is(rows_text(rows, 0), campaign_state_name(CAMPAIGN_RUNNING)),
        .left_micros =
            !found || rows_is_null(rows, 1) ? INT64_MAX : rows_int64(rows, 1) - rows_int64(rows, 2),
    };
    return OK;
}

static code spend(struct scope *scope, struct message_run *messages, int64_t micros) {
    return ledger_exec(scope, sql_campaign_spend,
                       BINDS(BIND_INT64(messages->order.campaign_id), BIND_INT64(micros),
                             BIND_INT64(scope->now_us)));
}

// ---- the stop valve ----

static code halt(struct scope *scope, const struct run *run, const char *problem) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, campaign_halt(scope, run->campaign.id, text_of(problem)));
}

static code look_at_valve(struct scope *scope, struct run *run, bool *ret_is_shut) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t looked_at_us = clock_us();
    int64_t sent, bounces, complaints, policy;
    bool found;

    *ret_is_shut = false;
    if (looked_at_us < run->look_again_us)
        return OK;
    TRY(ledger_find(scope, sql_campaign_valve, BINDS(BIND_INT64(run->campaign.id)), &rows, &found));
    sent = rows_int64(rows, 0);
    bounces = rows_int64(rows, 1);
    complaints = rows_int64(rows, 2);
    policy = rows_int64(rows, 3);
    rows_close(&rows);
    run->look_again_us = clock_us() + (clock_us() - looked_at_us) * VALVE_LOOKS_ONE_OF;
    *ret_is_shut = true;
    if (complaints >= VALVE_LEAST_COMPLAINTS && complaints * 100000 > sent * VALVE_COMPLAINTS_HALT)
        return halt(scope, run, "complaints");
    if (bounces >= VALVE_LEAST_BOUNCES && bounces * 10000 > sent * VALVE_BOUNCES_BP)
        return halt(scope, run, "bounces");
    if (policy >= VALVE_LEAST_BOUNCES && policy * 10000 > sent * VALVE_BOUNCES_BP)
        return halt(scope, run, "policy");
    *ret_is_shut = false;
    return OK;
}

// ---- sending ----

static size_t batch_size(const struct run *run) {
    const int32_t rate = run->terms.rate_per_second;

    if (run->campaign.channel->way == CHANNEL_AS_A_FILE)
        return MADE_AT_ONCE;
    return rate > 0 && rate < SENT_AT_ONCE ? (size_t)rate : SENT_AT_ONCE;
}

// Waits so that the rate holds over the batch; whoever asks the work to stop waits a fifth of a
// second.
static code keep_pace(struct scope *scope, const struct run *run, int64_t began_us,
                      int64_t started) {
    const struct timespec moment = {.tv_nsec = 200000000};
    const int32_t rate = run->terms.rate_per_second;
    const int64_t until_us = rate > 0 ? began_us + started * US_PER_SECOND / rate : 0;

    while (clock_us() < until_us) {
        TRY(scope_check(scope));
        nanosleep(&moment, NULL);
    }
    return OK;
}

static code send_some(struct scope *scope, struct run *run, bool *ret_goes_on) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const int64_t began_us = clock_us();
    struct message_batch batch;
    bool is_shut;

    *ret_goes_on = false;
    TRY(scope_check(scope));
    TRY(look_at_valve(scope, run, &is_shut));
    if (is_shut)
        return OK;
    scope->now_us = time_now_us();
    TRY(message_send_batch(scope, &run->messages, batch_size(run), &batch));
    arena_rewind(&scope->arena, mark);
    run->done += batch.accepted + batch.failed + batch.unknown + batch.refused;
    progress_report(scope->progress, "sending", run->done, run->total, "messages");
    if (batch.is_over_budget)
        return halt(scope, run, "budget");
    *ret_goes_on = batch.looked_at > 0 && !batch.is_stopped;
    return keep_pace(scope, run, began_us, batch.started);
}

struct ahead {
    int64_t next_us;   // the next row that is due; 0: none
    int64_t undecided; // rows that wait for the winner
    int64_t count;
};

static code look_ahead(struct scope *scope, const struct run *run, struct ahead *ret_ahead) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_campaign_ahead, BINDS(BIND_INT64(run->campaign.id)), &rows, &found));
    *ret_ahead = (struct ahead){.next_us = rows_int64(rows, 0),
                                .undecided = rows_int64(rows, 1),
                                .count = rows_int64(rows, 2)};
    return OK;
}

static code finish(struct scope *scope, struct run *run) {
    int64_t count = 0;

    TRY(ledger_change(scope, sql_campaign_set_state,
                      BINDS(BIND_INT64(run->campaign.id),
                            BIND_STRING(campaign_state_name(CAMPAIGN_FINISHED)), BIND_STRING(""),
                            BIND_INT64(scope->now_us), BIND_NULL(), BIND_INT64(scope->now_us),
                            BIND_STRING(campaign_state_name(CAMPAIGN_RUNNING))),
                      &count));
    return count == 0 ? OK : campaign_record(scope, "campaign.finish", &run->campaign);
}

static code set_next(struct scope *scope, const struct run *run, int64_t next_us) {
    return ledger_exec(scope, sql_campaign_set_next,
                       BINDS(BIND_INT64(run->campaign.id), BIND_INT64(next_us)));
}

static int64_t decides_us(const struct campaign *campaign) {
    return campaign->tested_at_us + INT64_C(60) * campaign->winner_after_minutes * US_PER_SECOND;
}

// The test was sent: the winner is chosen when its time has come.
static code decide(struct scope *scope, struct run *run, bool *ret_goes_on) {
    struct campaign *campaign = &run->campaign;

    if (campaign->tested_at_us == 0) {
        campaign->tested_at_us = scope->now_us;
        TRY(ledger_exec(scope, sql_campaign_is_tested,
                        BINDS(BIND_INT64(campaign->id), BIND_INT64(scope->now_us))));
    }
    if (campaign->winner_arm < 0)
        return set_next(scope, run, decides_us(campaign));
    TRY(ledger_exec(scope, sql_campaign_set_winner,
                    BINDS(BIND_INT64(campaign->id), BIND_INT64(campaign->winner_arm))));
    TRY(ledger_exec(scope, sql_campaign_assign_rest,
                    BINDS(BIND_INT64(campaign->id), BIND_INT64(campaign->winner_arm))));
    *ret_goes_on = true;
    return campaign_record(scope, "campaign.winner", campaign);
}

static code settle_in(struct scope *scope, struct run *run, const struct ahead *ahead,
                      bool *ret_goes_on) {
    if (ahead->count == 0)
        return finish(scope, run);
    if (ahead->next_us > 0)
        return set_next(scope, run, ahead->next_us);
    return decide(scope, run, ret_goes_on);
}

// Nothing is due: what now? The winner is asked for before the transaction: the lake is waited for.
static code settle(struct scope *scope, struct run *run, bool *ret_goes_on) {
    struct campaign *campaign = &run->campaign;
    struct ahead ahead;

    *ret_goes_on = false;
    TRY(look_ahead(scope, run, &ahead));
    if (ahead.count > 0 && ahead.next_us == 0 && campaign->tested_at_us > 0 &&
        scope->now_us >= decides_us(campaign))
        TRY(campaign_winner_choose(scope, campaign, &campaign->winner_arm));
    TRY(ledger_begin(scope));
    return ledger_end(scope, settle_in(scope, run, &ahead, ret_goes_on));
}

// It was paused or stopped, which is no failure of the job. What came back to be tried again since
// a stop waits for nobody.
static code leave(struct scope *scope, const struct campaign *campaign) {
    int64_t dropped;

    if (campaign->state != CAMPAIGN_STOPPED)
        return OK;
    TRY(message_drop_reserved(scope, campaign->id, &dropped));
    return campaign_keeps_list(campaign) ? campaign->channel->forget(scope, campaign->id) : OK;
}

static code send_all(struct scope *scope, struct run *run) {
    bool goes_on;

    do {
        struct campaign now;

        do
            TRY(send_some(scope, run, &goes_on));
        while (goes_on);
        TRY(campaign_find_id(scope, run->campaign.id, &now));
        if (now.state != CAMPAIGN_RUNNING)
            return leave(scope, &now);
        TRY(settle(scope, run, &goes_on));
    } while (goes_on);
    return OK;
}

// ---- the job ----

static code fill_messages(struct scope *scope, struct run *run) {
    const struct campaign *campaign = &run->campaign;

    if (!campaign->channel)
        return scope_fail(scope, INVALID, "the campaign's channel is gone");
    TRY(channel_terms_read(scope, campaign->channel, &run->terms));
    run->messages = (struct message_run){
        .rules = {.channel = campaign->channel},
        .order = {.campaign_id = campaign->id,
                  .campaign = campaign->name,
                  .purpose = campaign->purpose},
        .cost_micros = campaign->cost_micros,
        .owner = run,
        .render = render,
        .open_purse = open_purse,
        .spend = spend,
        .claim = campaign_coupon_claim,
    };
    return channel_out_folder(scope, &run->messages.file_folder);
}

static code recover(struct scope *scope, struct run *run) {
    int64_t unfinished;

    TRY(message_recover(scope, &run->messages, &unfinished));
    if (unfinished > 0)
        progress_note(scope->progress, "%lld messages were started and have no outcome",
                      (long long)unfinished);
    return OK;
}

static code prepare(struct scope *scope, struct run *run) {
    struct campaign *campaign = &run->campaign;
    const struct channel *channel = campaign->channel;

    TRY(campaign_rules(scope, campaign, &run->messages.rules));
    TRY(campaign_zones_open(scope, &run->zones));
    TRY(campaign_content_open(scope, campaign, &run->content));
    if (campaign->reserved_at_us == 0)
        TRY(reserve(scope, run));
    return channel->open ? channel->open(scope, &run->messages.order, &run->messages.connection)
                         : OK;
}

static code begin(struct scope *scope, struct campaign *campaign) {
    int64_t count = 0;

    TRY(ledger_change(scope, sql_campaign_begin, BINDS(BIND_INT64(campaign->id)), &count));
    if (count == 0)
        return OK;
    campaign->state = CAMPAIGN_RUNNING;
    return campaign_record(scope, "campaign.begin", campaign);
}

static code read_total(struct scope *scope, struct run *run) {
    struct ahead ahead;

    TRY(look_ahead(scope, run, &ahead));
    run->total = ahead.count;
    return OK;
}

static code run_own(struct scope *scope, struct run *run) {
    if (run->campaign.state == CAMPAIGN_APPROVED) {
        TRY(ledger_begin(scope));
        TRY(ledger_end(scope, begin(scope, &run->campaign)));
    }
    if (run->campaign.state != CAMPAIGN_RUNNING && run->campaign.state != CAMPAIGN_STOPPED)
        return OK;
    TRY(fill_messages(scope, run));
    TRY(recover(scope, run));
    if (run->campaign.state == CAMPAIGN_STOPPED)
        return leave(scope, &run->campaign);
    TRY(prepare(scope, run));
    TRY(read_total(scope, run));
    return send_all(scope, run);
}

// What a person has to mend first would fail each minute anew: the campaign waits for that person.
static code give_up(struct scope *scope, const struct run *run) {
    const struct failure failure = scope->failure;
    const unsigned for_people =
        1u << INVALID | 1u << NOT_FOUND | 1u << CONFLICT | 1u << FORBIDDEN | 1u << TOO_LARGE;

    if ((for_people & 1u << failure.code) == 0)
        return failure.code;
    scope_forgive(scope);
    halt(scope, run, "failed");
    scope->failure = failure;
    return failure.code;
}

// A job that was resumed by hand when the campaign had another one already has nothing to do: two
// would take each other's started messages for those of a crash.
code campaign_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                  struct json_writer *result) {
    CLEANUP(run_clear) struct run run = {0};
    const struct json *id = json_member(parameters, "campaign");
    int64_t campaign_id = 0;

    if (!id || id->type != JSON_STRING || !text_to_int64(id->string, &campaign_id))
        return scope_fail(scope, INVALID, "the job names no campaign");
    TRY(campaign_find_id(scope, campaign_id, &run.campaign));
    if (run.campaign.job_id == job_id && run_own(scope, &run) != OK)
        return give_up(scope, &run);
    json_begin_object(result);
    json_key(result, "messages");
    json_write_int64(result, run.done);
    json_end_object(result);
    return OK;
}

// ---- whose time has come ----

struct due {
    int64_t id;
    struct text name, job_state;
};

static code read_due(struct scope *scope, struct buffer *due) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_campaign_due, BINDS(BIND_INT64(scope->now_us)), &rows));
    while (rows_next(rows)) {
        const struct due one = {.id = rows_int64(rows, 0),
                                .name = text_copy(&scope->arena, rows_text(rows, 1)),
                                .job_state = text_copy(&scope->arena, rows_text(rows, 2))};

        buffer_add(due, &one, sizeof(one));
    }
    return rows_end(rows);
}

// Who cancels the job wants the campaign to stand still.
static code start_one(struct scope *scope, const struct due *due) {
    int64_t job_id;

    if (text_is(due->job_state, "cancelled")) {
        TRY(campaign_halt(scope, due->id, TEXT("cancelled")));
        return ledger_exec(scope, sql_campaign_set_job,
                           BINDS(BIND_INT64(due->id), BIND_NULL(), BIND_NULL()));
    }
    TRY(job_create(
        scope, "campaign", text_printf(&scope->arena, "campaign %.*s", TEXT_ARG(due->name)),
        text_printf(&scope->arena, "{\"campaign\": \"%lld\"}", (long long)due->id), &job_id));
    return ledger_exec(scope, sql_campaign_set_job,
                       BINDS(BIND_INT64(due->id), BIND_INT64(job_id),
                             BIND_INT64(scope->now_us + AGAIN_AFTER_S * US_PER_SECOND)));
}

static code start_each(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer bytes = {0};
    const struct due *due;

    TRY(read_due(scope, &bytes));
    due = (const struct due *)(const void *)bytes.data;
    for (size_t i = 0; i < bytes.size / sizeof(*due); i++)
        TRY(start_one(scope, &due[i]));
    return OK;
}

// Looked for without the turn to write, as there is seldom one, and once more with it: another
// process may have given it a job meanwhile.
code campaign_start_due(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer due = {0};

    TRY(read_due(scope, &due));
    if (due.size == 0)
        return OK;
    TRY(ledger_begin(scope));
    return ledger_end(scope, start_each(scope));
}
