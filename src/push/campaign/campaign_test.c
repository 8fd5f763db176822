// SPDX-License-Identifier: Apache-2.0
#include "push/campaign/campaign.h"

#include "analyze/experiment/trial_file.h"
#include "analyze/segment/segment.h"
#include "base/progress.h"
#include "base/random.h"
#include "base/time.h"
#include "push/campaign/campaign_result.h"
#include "push/campaign/draw.h"
#include "push/campaign/send_time.h"
#include "push/coupon/coupon.h"
#include "store/change.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/store.h"
#include "store/store_testing.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

// ---- the draw ----

TEST(a_draw_gives_everybody_one_arm_in_the_shares_that_were_said_and_the_same_again) {
    const int32_t shares[] = {1, 3};
    const struct draw draw = {
        .key = 4711, .hold_out_bp = 500, .test_bp = 2000, .shares = shares, .arm_count = 2};
    const struct draw other = {
        .key = 4712, .hold_out_bp = 500, .test_bp = 2000, .shares = shares, .arm_count = 2};
    enum { PEOPLE = 200000 };
    int held = 0, waits = 0, arms[2] = {0}, same = 0, both = 0;

    for (int64_t customer = 1; customer <= PEOPLE; customer++) {
        const int32_t arm = draw_arm(&draw, customer);

        CHECK_INT(draw_arm(&draw, customer), arm);
        held += arm == DRAWN_HELD_OUT;
        waits += arm == DRAWN_WAITS;
        if (arm >= 0)
            arms[arm]++;
        same += arm == draw_arm(&other, customer);
        both += arm == DRAWN_HELD_OUT && draw_arm(&other, customer) == DRAWN_HELD_OUT;
    }
    CHECK_INT(held + waits + arms[0] + arms[1], PEOPLE);
    CHECK(fabs(held - 0.05 * PEOPLE) < 500); // 5 deviations
    CHECK(fabs(waits - 0.95 * 0.8 * PEOPLE) < 1000);
    CHECK(fabs(arms[0] - 0.95 * 0.2 * 0.25 * PEOPLE) < 500);
    CHECK(fabs(both - 0.0025 * PEOPLE) < 120); // two campaigns draw independently
    CHECK(same < PEOPLE * 0.7);
}

// ---- times ----

TEST(a_time_to_send_is_never_quiet_never_earlier_and_at_most_a_day_and_a_half_away) {
    static const char *const zones[] = {"Europe/Berlin", "America/New_York", "Asia/Kathmandu",
                                        "Pacific/Apia"};
    struct random random = {.state = 7};

    for (size_t z = 0; z < sizeof(zones) / sizeof(*zones); z++) {
        CLEANUP(zone_close) struct zone *zone = NULL;

        CHECK_OK(zone_open(scope, text_of(zones[z]), &zone));
        for (int i = 0; i < 5000; i++) {
            const struct quiet_hours quiet = {(int32_t)random_below(&random, MINUTES_OF_DAY),
                                              (int32_t)random_below(&random, MINUTES_OF_DAY)};
            const int64_t at_us = (int64_t)random_below(&random, 2000000000) * US_PER_SECOND;
            const int32_t minute = (int32_t)random_below(&random, MINUTES_OF_DAY + 1) - 1;
            const int64_t found = send_time_next(zone, at_us, minute, &quiet);

            CHECK(found >= at_us);
            CHECK(found <= at_us + 2 * US_PER_DAY + US_PER_DAY / 2);
            CHECK(!send_time_is_quiet(zone, found, &quiet));
        }
    }
}

TEST(a_minute_of_the_customers_day_is_waited_for_and_quiet_hours_move_it_to_their_end) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    const struct quiet_hours quiet = {21 * 60, 8 * 60}, never = {0};
    struct quiet_hours read;
    const int64_t noon_us = (int64_t)day_from_civil(2026, 7, 1) * US_PER_DAY + US_PER_DAY / 2;

    CHECK_OK(zone_open(scope, TEXT("Europe/Berlin"), &zone)); // noon UTC is 14:00 there
    CHECK_INT(send_time_next(zone, noon_us, -1, &quiet), noon_us);
    CHECK_INT(send_time_next(zone, noon_us, 9 * 60, &never), noon_us); // the day goes on
    CHECK_INT(send_time_next(zone, noon_us, 18 * 60, &quiet),
              noon_us + INT64_C(4) * 3600 * US_PER_SECOND);
    CHECK_INT(send_time_next(zone, noon_us, 22 * 60, &quiet),
              noon_us + INT64_C(18) * 3600 * US_PER_SECOND);
    CHECK(quiet_hours_parse(TEXT("21:00-08:00"), &read));
    CHECK_INT(read.to_minute, INT64_C(8) * 60);
    CHECK(quiet_hours_parse(TEXT("never"), &read));
    CHECK(!quiet_hours_parse(TEXT("21:00"), &read));
    CHECK(!quiet_hours_parse(TEXT("24:00-08:00"), &read));
}

// ---- a campaign ----

static void people(struct scope *scope, int count) {
    CLEANUP(buffer_clear) struct buffer sql = {0};
    struct json *tree;

    test_store(scope);
    scope->now_us = time_now_us();
    snprintf(scope->actor.name, sizeof(scope->actor.name), "anna");
    scope->actor.permissions = ~0u;
    for (int i = 1; i <= count; i++)
        buffer_printf(&sql,
                      "INSERT INTO customer (id, import_id, created_at_us, country) "
                      "VALUES (%d, 0, 1, 'DE');",
                      i);
    buffer_add_string(&sql, "DELETE FROM alias WHERE origin = -1");
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(scope, buffer_string(&sql));
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_CREATED, 1, count));
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(json_parse(
        scope, TEXT("{\"attribute\": \"country\", \"operator\": \"is\", \"value\": \"DE\"}"),
        &tree));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, segment_create(scope, TEXT("germans"), TEXT(""), tree)));
}

static struct campaign plan(struct scope *scope, const char *more) {
    struct campaign campaign = campaign_usual();
    struct json *document;

    CHECK_OK(json_parse(scope,
                        text_printf(&scope->arena,
                                    "{\"name\": \"spring\", \"purpose\": \"news\", \"channel\": "
                                    "\"file\", \"segment\": \"germans\"%s}",
                                    more),
                        &document));
    CHECK_OK(campaign_read(scope, document, &campaign));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, campaign_create(scope, &campaign)));
    return campaign;
}

static code step(struct scope *scope, enum campaign_step step) {
    struct campaign campaign;

    TRY(campaign_find(scope, TEXT("spring"), &campaign));
    TRY(ledger_begin(scope));
    return ledger_end(scope, campaign_take_step(scope, &campaign, step));
}

static void run_as(struct scope *scope, const struct campaign *campaign, int64_t job_id) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    struct json *parameters;

    json_writer_init(&writer, &out);
    CHECK_OK(json_parse(
        scope, text_printf(&scope->arena, "{\"campaign\": \"%lld\"}", (long long)campaign->id),
        &parameters));
    CHECK_OK(campaign_run(scope, job_id, parameters, &writer));
}

static void run(struct scope *scope, const struct campaign *campaign) {
    test_ledger_exec(scope, "UPDATE campaign SET job_id = 1");
    run_as(scope, campaign, 1);
}

static code resend(struct scope *scope, const struct campaign *campaign, int64_t message_id) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, campaign_resend(scope, campaign->id, message_id));
}

static int64_t count(struct scope *scope, const char *sql) {
    int64_t value = -1;

    CHECK_OK(ledger_int64(scope, sql, NO_BINDS, -1, &value));
    return value;
}

static int64_t queued_job(struct scope *scope) {
    CHECK_OK(campaign_start_due(scope));
    return count(scope, "SELECT max(id) FROM job WHERE state = 'queued'");
}

static const char *state(struct scope *scope) {
    return test_ledger_rows(scope, "SELECT state, problem FROM campaign");
}

// Every code that was issued stands in a line of the outbox, with the address of its picture.
static void check_codes_were_sent(struct scope *scope, const struct campaign *campaign) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const char *path = arena_printf(&scope->arena, "%s/outbox/%lld.jsonl",
                                    store_path(session_store(scope)), (long long)campaign->id);
    char *lines = arena_array(&scope->arena, 8192, 1);
    FILE *file = fopen(path, "r");

    CHECK(file != NULL);
    CHECK(fread(lines, 1, 8191, file) > 0);
    fclose(file);
    CHECK(strstr(lines, "15 %") != NULL);
    CHECK_OK(ledger_query(scope, "SELECT code FROM coupon", NO_BINDS, &rows));
    while (rows_next(rows)) {
        struct text path_of_picture;
        const struct text issued = text_copy(&scope->arena, rows_text(rows, 0));

        CHECK(strstr(lines, text_string(&scope->arena, coupon_code_shown(&scope->arena, issued))) !=
              NULL);
        CHECK_OK(coupon_picture_path(scope, issued, COUPON_PICTURE_QR, "png", &path_of_picture));
        CHECK(strstr(lines, text_string(&scope->arena, path_of_picture)) != NULL);
    }
    CHECK_OK(rows_end(rows));
}

TEST(a_campaign_holds_out_before_it_sends_and_sends_to_each_of_the_others_once) {
    struct campaign campaign;
    int64_t held;

    people(scope, 600);
    campaign = plan(scope, ", \"hold_out\": 10, \"arms\": [{\"name\": \"A\", \"subject\": "
                           "\"Hello\", \"text\": \"From {{ message.campaign }}\"}]");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_CODE(step(scope, CAMPAIGN_SUBMIT), CONFLICT);
    scope_forgive(scope);
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    run(scope, &campaign);
    held = count(scope, "SELECT count(*) FROM message WHERE state = 'held_out'");
    CHECK(held > 30);
    CHECK(held < 100);
    CHECK_INT(count(scope, "SELECT count(*) FROM message WHERE state = 'accepted'"), 600 - held);
    CHECK_STRING(state(scope), "finished|");
    run(scope, &campaign); // nothing happens any more
    CHECK_INT(count(scope, "SELECT count(*) FROM message"), 600);
    CHECK_STRING(test_ledger_rows(scope, "SELECT action FROM audit ORDER BY id"),
                 "campaign.create\ncampaign.submit\ncampaign.approve\ncampaign.begin\n"
                 "campaign.finish");
}

static void add_deal(struct scope *scope) {
    const struct coupon_choices choices = {.name = TEXT("deal"),
                                           .terms = {.kind = COUPON_PERCENT, .value = 15},
                                           .use_count = -1,
                                           .most_count = 2};
    struct coupon_series series;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, coupon_series_add(scope, &choices, &series)));
}

TEST(each_message_has_a_coupon_of_its_own_and_none_is_spent_on_who_is_refused) {
    struct campaign campaign;

    people(scope, 3);
    add_deal(scope);
    campaign = plan(scope, ", \"hold_out\": 0, \"arms\": [{\"name\": \"A\", \"subject\": "
                           "\"{{ coupon.value }}\", \"text\": \"{% coupon_series 'deal' %}"
                           "{{ coupon.code }} {{ coupon.qr }}\"}]");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    run(scope, &campaign);
    CHECK_STRING(test_ledger_rows(scope, "SELECT state, reason, COUNT(*) FROM message "
                                         "GROUP BY state, reason ORDER BY state"),
                 "accepted||2\nrefused|no_coupon|1");
    CHECK_INT(count(scope, "SELECT COUNT(*) FROM coupon c JOIN message m ON m.id = c.message_id "
                           "AND m.customer = c.customer AND m.state = 'accepted'"),
              2);
    CHECK_INT(count(scope, "SELECT issued_count FROM coupon_series"), 2);
    check_codes_were_sent(scope, &campaign);
}

TEST(a_campaign_gives_coupons_of_a_series_that_there_is) {
    people(scope, 3);
    plan(scope, ", \"arms\": [{\"name\": \"A\", \"subject\": \"x\", \"text\": "
                "\"{% coupon 'deal' %}\"}]");
    CHECK_CODE(step(scope, CAMPAIGN_SUBMIT), INVALID);
    CHECK_STRING(scope->failure.field, "coupon");
    scope_forgive(scope);
    add_deal(scope);
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
}

TEST(a_budget_pauses_a_campaign_and_more_of_it_lets_it_go_on) {
    struct campaign campaign;

    people(scope, 300);
    test_ledger_exec(scope, "INSERT INTO channel (kind, cost_micros, rate_per_second) "
                            "VALUES (9, 100000, 0)");
    campaign = plan(scope, ", \"hold_out\": 0, \"budget\": 21.05");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    run(scope, &campaign);
    CHECK_STRING(state(scope), "paused|budget");
    CHECK_INT(count(scope, "SELECT count(*) FROM message WHERE state = 'accepted'"), 210);
    CHECK_INT(count(scope, "SELECT spent_micros FROM campaign"), 21000000);
    test_ledger_exec(scope, "UPDATE campaign SET budget_micros = 30000000");
    CHECK_OK(step(scope, CAMPAIGN_RESUME));
    run(scope, &campaign);
    CHECK_STRING(state(scope), "finished|");
    CHECK_INT(count(scope, "SELECT spent_micros FROM campaign"), 30000000);
}

TEST(a_test_of_arms_waits_for_its_time_and_the_others_get_the_winner) {
    struct campaign campaign;

    people(scope, 400);
    campaign = plan(scope, ", \"hold_out\": 0, \"test\": 20, \"winner_after_minutes\": 60, "
                           "\"arms\": [{\"name\": \"A\"}, {\"name\": \"B\"}]");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    run(scope, &campaign);
    CHECK_STRING(state(scope), "running|");
    CHECK(count(scope, "SELECT count(*) FROM message WHERE arm IS NULL") > 280);
    test_ledger_exec(scope, "UPDATE message SET clicked_at_us = 1 WHERE arm = 1;"
                            "UPDATE campaign SET tested_at_us = tested_at_us - 3600000000");
    run(scope, &campaign);
    CHECK_STRING(state(scope), "finished|");
    CHECK_INT(count(scope, "SELECT winner_arm FROM campaign"), 1);
    CHECK_INT(count(scope, "SELECT count(*) FROM message WHERE state = 'accepted'"), 400);
    CHECK(count(scope, "SELECT count(*) FROM message WHERE arm = 0") < 80);
}

TEST(complaints_shut_the_valve_and_a_stop_refuses_what_waits) {
    struct campaign campaign;

    people(scope, 400);
    campaign = plan(scope, ", \"hold_out\": 0, \"test\": 50, "
                           "\"arms\": [{\"name\": \"A\"}, {\"name\": \"B\"}]");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    run(scope, &campaign);
    test_ledger_exec(scope, "UPDATE message SET complained_at_us = 1 WHERE id IN (SELECT id FROM "
                            "message WHERE state = 'accepted' ORDER BY id LIMIT 2)");
    run(scope, &campaign);
    CHECK_STRING(state(scope), "paused|complaints");
    CHECK_OK(step(scope, CAMPAIGN_STOP));
    CHECK_STRING(state(scope), "stopped|");
    CHECK_INT(count(scope, "SELECT count(*) FROM message WHERE state = 'reserved'"), 0);
}

// 100 were sent the test, and the others wait.
static struct campaign half_sent(struct scope *scope) {
    struct campaign campaign;

    people(scope, 200);
    campaign = plan(scope, ", \"hold_out\": 0, \"test\": 50, \"winner_after_minutes\": 60, "
                           "\"arms\": [{\"name\": \"A\"}, {\"name\": \"B\"}]");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    run(scope, &campaign);
    return campaign;
}

TEST(a_sender_that_is_put_off_is_not_refused_until_it_was_three_times) {
    const struct campaign campaign = half_sent(scope);

    test_ledger_exec(scope, "UPDATE message SET state = 'reserved', reason = 'policy', "
                            "due_at_us = 4000000000000000 WHERE state = 'accepted'");
    run(scope, &campaign);
    CHECK_STRING(state(scope), "running|");
    test_ledger_exec(scope, "UPDATE message SET tries = 3 WHERE reason = 'policy'");
    run(scope, &campaign);
    CHECK_STRING(state(scope), "paused|policy");
}

TEST(what_shut_the_valve_does_not_count_again_when_a_person_resumed) {
    const struct campaign campaign = half_sent(scope);

    test_ledger_exec(scope, "UPDATE message SET state = 'failed', reason = 'address' "
                            "WHERE state = 'accepted'");
    run(scope, &campaign);
    CHECK_STRING(state(scope), "paused|bounces");
    scope->now_us = time_now_us();
    CHECK_OK(step(scope, CAMPAIGN_RESUME));
    test_ledger_exec(scope, "UPDATE campaign SET tested_at_us = tested_at_us - 3600000000");
    run(scope, &campaign);
    CHECK_STRING(state(scope), "finished|");
    CHECK(count(scope, "SELECT count(*) FROM message WHERE state = 'accepted'") > 50);
}

TEST(what_a_person_has_to_mend_pauses_the_campaign_and_fails_once) {
    const struct job_kind kind = {"campaign", campaign_run, JOB_LIGHT};

    people(scope, 10);
    plan(scope, "");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    test_ledger_exec(scope, "UPDATE segment SET name = 'others'");
    CHECK_CODE(job_run(scope, &kind, 1, queued_job(scope)), NOT_FOUND);
    scope_forgive(scope);
    CHECK_STRING(state(scope), "paused|failed");
    scope->now_us += US_PER_DAY;
    CHECK_OK(campaign_start_due(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT state FROM job"), "failed");
    test_ledger_exec(scope, "UPDATE segment SET name = 'germans'");
    scope->now_us = time_now_us();
    CHECK_OK(step(scope, CAMPAIGN_RESUME));
    CHECK_OK(job_run(scope, &kind, 1, queued_job(scope)));
    CHECK_STRING(state(scope), "finished|");
}

TEST(a_draft_that_was_withdrawn_takes_the_template_as_it_is_then) {
    people(scope, 1);
    plan(scope, "");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    test_ledger_exec(scope, "UPDATE campaign_arm SET template_version = 7");
    CHECK_OK(step(scope, CAMPAIGN_WITHDRAW));
    CHECK_STRING(test_ledger_rows(scope, "SELECT template_version FROM campaign_arm"), "-");
}

TEST(a_number_is_no_name_of_a_campaign) {
    struct campaign campaign, found;
    struct json *document;

    people(scope, 1);
    campaign = plan(scope, "");
    CHECK_OK(json_parse(scope, TEXT("{\"name\": \"4711\"}"), &document));
    CHECK_CODE(campaign_read(scope, document, &campaign), INVALID);
    CHECK_STRING(scope->failure.field, "name");
    scope_forgive(scope);
    test_ledger_exec(scope, arena_printf(&scope->arena,
                                         "INSERT INTO campaign (id, name, description, purpose, "
                                         "channel, segment, state, hold_out_bp, key, window_days, "
                                         "test_bp, winner_by, winner_after_minutes, actor, "
                                         "created_at_us, changed_at_us) SELECT 1, '%lld', '', "
                                         "purpose, channel, segment, state, 0, 1, 7, 10000, "
                                         "'clicks', 0, 'x', 1, 1 FROM campaign",
                                         (long long)campaign.id));
    CHECK_OK(campaign_find_id(scope, campaign.id, &found));
    CHECK_TEXT(found.name, "spring");
}

TEST(another_person_approves_what_a_marketer_made) {
    people(scope, 1);
    plan(scope, "");
    scope->actor.permissions = 0;
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_CODE(step(scope, CAMPAIGN_APPROVE), FORBIDDEN);
    scope_forgive(scope);
    snprintf(scope->actor.name, sizeof(scope->actor.name), "bert");
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    CHECK_STRING(state(scope), "approved|");
}

TEST(a_campaign_without_a_purpose_cannot_be_written_down) {
    struct campaign campaign = campaign_usual();
    struct json *document;

    test_store(scope);
    CHECK_OK(json_parse(scope, TEXT("{\"name\": \"x\", \"channel\": \"file\", \"segment\": \"s\"}"),
                        &document));
    CHECK_CODE(campaign_read(scope, document, &campaign), INVALID);
    CHECK_STRING(scope->failure.field, "purpose");
}

TEST(what_is_due_gets_a_job_once_and_a_cancelled_job_pauses_the_campaign) {
    people(scope, 10);
    plan(scope, "");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    CHECK_OK(campaign_start_due(scope));
    CHECK_OK(campaign_start_due(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT kind, state FROM job"), "campaign|queued");
    test_ledger_exec(scope, "UPDATE job SET state = 'cancelled'; UPDATE campaign SET next_at_us = "
                            "NULL");
    CHECK_OK(campaign_start_due(scope));
    CHECK_STRING(state(scope), "paused|cancelled");
}

struct pausing {
    struct progress progress;
    struct scope *scope;
    int reports;
};

static void pause_once(struct progress *progress, const char *stage, int64_t done, int64_t total,
                       const char *unit) {
    struct pausing *pausing = (struct pausing *)progress;
    struct scope *scope = pausing->scope;

    (void)done, (void)total, (void)unit;
    if (strcmp(stage, "sending") == 0 && pausing->reports++ == 0)
        CHECK_OK(step(scope, CAMPAIGN_PAUSE));
}

static void note_nothing(struct progress *progress, const char *line) {
    (void)progress, (void)line;
}

TEST(a_pause_while_it_sends_ends_the_job_and_resuming_gives_it_another_one) {
    const struct job_kind kind = {"campaign", campaign_run, JOB_LIGHT};
    struct progress *before = scope->progress;
    struct pausing pausing = {.progress = {.report = pause_once, .note = note_nothing},
                              .scope = scope};

    people(scope, 500);
    plan(scope, ", \"hold_out\": 0");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    scope->progress = &pausing.progress;
    CHECK_OK(job_run(scope, &kind, 1, queued_job(scope)));
    scope->progress = before;
    CHECK_STRING(state(scope), "paused|");
    CHECK_STRING(test_ledger_rows(scope, "SELECT state FROM job"), "done");
    CHECK_INT(count(scope, "SELECT count(*) FROM message WHERE state = 'accepted'"), 200);
    CHECK_OK(step(scope, CAMPAIGN_RESUME));
    CHECK_OK(job_run(scope, &kind, 1, queued_job(scope)));
    CHECK_STRING(state(scope), "finished|");
    CHECK_INT(count(scope, "SELECT count(*) FROM message WHERE state = 'accepted'"), 500);
}

TEST(a_campaign_that_was_paused_before_its_time_still_waits_for_it) {
    people(scope, 10);
    plan(scope, ", \"starts_at\": \"2100-01-01T00:00:00Z\"");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    CHECK_OK(step(scope, CAMPAIGN_PAUSE));
    CHECK_OK(step(scope, CAMPAIGN_RESUME));
    CHECK_STRING(state(scope), "approved|");
    CHECK_OK(campaign_start_due(scope));
    CHECK_INT(count(scope, "SELECT count(*) FROM job"), 0);
    scope->now_us = INT64_C(140) * 365 * US_PER_DAY;
    CHECK_OK(campaign_start_due(scope));
    CHECK_INT(count(scope, "SELECT count(*) FROM job"), 1);
}

// Another process, that saw the campaign due and waits for its turn to write.
static void *start_due(void *argument) {
    struct scope scope;

    scope_init(&scope);
    scope.now_us = time_now_us();
    if (session_open(&scope, argument) == OK)
        campaign_start_due(&scope);
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

TEST(a_campaign_that_got_a_job_meanwhile_gets_no_second_one_and_that_would_do_nothing) {
    const struct timespec moment = {.tv_nsec = 100000000};
    struct campaign campaign;
    pthread_t other;

    people(scope, 10);
    campaign = plan(scope, "");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    CHECK_OK(ledger_begin(scope));
    CHECK(pthread_create(&other, NULL, start_due, session_store(scope)) == 0);
    nanosleep(&moment, NULL);
    test_ledger_exec(scope, "INSERT INTO job (id, kind, title, state, parameters, actor, "
                            "created_at_us) VALUES (1, 'campaign', 'x', 'queued', '{}', 'anna', 1);"
                            "UPDATE campaign SET job_id = 1");
    CHECK_OK(ledger_commit(scope));
    pthread_join(other, NULL);
    CHECK_STRING(test_ledger_rows(scope, "SELECT id FROM job"), "1");
    run_as(scope, &campaign, 2);
    CHECK_INT(count(scope, "SELECT count(*) FROM message"), 0);
    run_as(scope, &campaign, 1);
    CHECK_STRING(state(scope), "finished|");
}

TEST(an_unknown_message_is_sent_again_but_not_of_a_campaign_that_was_stopped) {
    struct campaign campaign;
    int64_t id;

    people(scope, 10);
    campaign = plan(scope, ", \"hold_out\": 0");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    run(scope, &campaign);
    test_ledger_exec(scope, "UPDATE message SET state = 'unknown' WHERE customer < 3");
    id = count(scope, "SELECT min(id) FROM message WHERE state = 'unknown'");
    CHECK_OK(resend(scope, &campaign, id));
    CHECK_STRING(state(scope), "running|");
    CHECK_CODE(resend(scope, &campaign, id), CONFLICT);
    scope_forgive(scope);
    CHECK_CODE(resend(scope, &campaign, 1), NOT_FOUND);
    scope_forgive(scope);
    run(scope, &campaign);
    CHECK_STRING(state(scope), "finished|");
    test_ledger_exec(scope, "UPDATE campaign SET state = 'stopped'");
    id = count(scope, "SELECT min(id) FROM message WHERE state = 'unknown'");
    CHECK_CODE(resend(scope, &campaign, id), CONFLICT);
    scope_forgive(scope);
    CHECK_INT(count(scope, "SELECT count(*) FROM message WHERE state = 'unknown'"), 1);
}

TEST(a_campaign_is_written_as_it_was_read) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct campaign campaign, again = campaign_usual();
    struct json_writer writer;
    struct json *document;

    people(scope, 1);
    plan(scope, ", \"hold_out\": 7.5, \"budget\": 12.5, \"send_at\": \"09:30\", \"starts_at\": "
                "\"2026-12-01T09:00:00Z\", \"arms\": [{\"name\": \"A\"}, {\"name\": \"B\", "
                "\"share\": 3, \"text\": \"Hello\"}]");
    CHECK_OK(campaign_find(scope, TEXT("spring"), &campaign));
    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    campaign_write(scope, &writer, &campaign);
    json_end_object(&writer);
    CHECK_OK(json_parse(scope, buffer_text(&out), &document));
    CHECK_OK(campaign_read(scope, document, &again));
    CHECK_INT(again.hold_out_bp, 750);
    CHECK_INT(again.budget_micros, 12500000);
    CHECK_INT(again.send_minute, 9 * 60 + 30);
    CHECK_INT(again.starts_at_us, campaign.starts_at_us);
    CHECK(again.arm_count == 2);
    CHECK_INT(again.arms[1].share, 3);
    CHECK_TEXT(again.arms[1].text, "Hello");
}

// ---- results ----

static void buy(struct scope *scope, const char *who, int64_t at_us, int amount) {
    test_ledger_exec(
        scope,
        arena_printf(&scope->arena,
                     "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency, "
                     "origin, net_micros, vat_micros, gross_micros, discount_micros, line_count, "
                     "home) SELECT m.customer + 10000, 0, 'till', CAST(m.customer AS TEXT), 1, "
                     "%lld, 'EUR', m.customer, 0, 0, %d000000, 0, 0, m.customer FROM message m "
                     "WHERE %s",
                     (long long)at_us, amount, who));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(change_record(scope, CHANGE_SALE, CHANGE_CREATED, 10000, 20000));
    CHECK_OK(ledger_commit(scope));
}

TEST(what_a_campaign_earned_is_what_the_others_spent_beyond_the_hold_out) {
    struct campaign_result result;
    struct campaign campaign;
    int64_t sent;

    people(scope, 400);
    campaign = plan(scope, ", \"hold_out\": 25, \"margin\": 50");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    run(scope, &campaign);
    CHECK_OK(campaign_find(scope, TEXT("spring"), &campaign));
    sent = count(scope, "SELECT count(*) FROM message WHERE state = 'accepted'");
    buy(scope, "m.customer % 2 = 0", campaign.started_at_us + 1000, 10);
    scope->now_us = campaign.started_at_us + 30 * US_PER_DAY;
    CHECK_OK(campaign_result_read(scope, &campaign, &result));
    CHECK(result.has_hold_out);
    CHECK_INT((int64_t)result.trial.arm_count, 2);
    CHECK(result.uplift_low < 0); // both sides bought alike: nothing can be told
    CHECK(result.uplift_high > 0);
    CHECK(result.people.to_us - result.people.from_us == 14 * US_PER_DAY);
    test_ledger_exec(scope, "UPDATE sale SET gross_micros = 0 WHERE origin IN (SELECT customer "
                            "FROM message WHERE state = 'held_out')");
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(change_record(scope, CHANGE_SALE, CHANGE_UPDATED, 10000, 20000));
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(campaign_result_read(scope, &campaign, &result));
    CHECK_CLOSE(result.uplift,
                (double)count(scope, "SELECT 10 * count(*) FROM message WHERE state = 'accepted' "
                                     "AND customer % 2 = 0"),
                1e-9);
    CHECK(result.uplift_low > 0);
    CHECK(sent > 250);
    CHECK_CLOSE(result.margin, result.uplift / 2, 1e-9);
}

TEST(amounts_in_other_currencies_are_left_out_and_said) {
    struct campaign_result result;
    struct campaign campaign;

    people(scope, 100);
    campaign = plan(scope, ", \"hold_out\": 0, \"arms\": [{\"name\": \"A\"}, {\"name\": \"B\"}]");
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    run(scope, &campaign);
    CHECK_OK(campaign_find(scope, TEXT("spring"), &campaign));
    buy(scope, "m.customer <= 50", campaign.started_at_us + 1000, 10);
    test_ledger_exec(scope, "UPDATE sale SET currency = 'USD' WHERE origin <= 20");
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(change_record(scope, CHANGE_SALE, CHANGE_UPDATED, 10000, 20000));
    CHECK_OK(ledger_commit(scope));
    scope->now_us = campaign.started_at_us + 30 * US_PER_DAY;
    CHECK_OK(campaign_result_read(scope, &campaign, &result));
    CHECK_TEXT(result.people.currency, "EUR");
    CHECK_INT(result.people.left_out, 20);
    CHECK_INT((int64_t)result.people.people[0].revenue, 0); // it paid in dollars
    CHECK_INT((int64_t)result.people.people[0].receipts, 1);
    CHECK_INT((int64_t)result.people.people[49].revenue, 10);
}

// Hillstrom 2008: 64,000 customers, two e-mails and none. The effects on visits are known.
TEST(a_test_that_was_sent_elsewhere_shows_its_known_effects) {
    const char *path = test_shared_data(scope, "hillstrom.csv.gz");
    struct campaign campaign = campaign_usual();
    const struct trial_query query = {
        .arm = TEXT("segment"),
        .control = TEXT("No E-Mail"),
        .outcomes = {TEXT("visit"), TEXT("conversion"), TEXT("spend")},
        .outcome_count = 3,
        .confidence = 0.95,
    };

    test_store(scope);
    campaign.name = TEXT("hillstrom");
    campaign.purpose = TEXT("offers");
    campaign.segment = TEXT("");
    CHECK_OK(channel_named(scope, TEXT("file"), &campaign.channel));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, campaign_import(scope, &campaign, path, &query)));
    CHECK_OK(campaign_find(scope, TEXT("hillstrom"), &campaign));
    CHECK_INT((int64_t)campaign.arm_count, 2);
    CHECK(strstr(text_string(&scope->arena, campaign.result), "+7.66 points"));
    CHECK(strstr(text_string(&scope->arena, campaign.result), "+4.52 points"));
}
