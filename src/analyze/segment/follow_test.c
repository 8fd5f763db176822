// SPDX-License-Identifier: Apache-2.0
// Segments that follow: after any stream of events, sales, attributes, consents, joins, undoings,
// withdrawn imports and passing days, the members are those whom a whole evaluation finds.
#include "analyze/segment/follow.h"

#include "analyze/segment/follower.h"
#include "analyze/segment/stream_testing.h"
#include "base/clock.h"
#include "base/time.h"
#include "store/change.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { STEPS = 40, FEW = 8 };

static const char *const definitions[] = {
    "{\"all\": []}",
    "{\"event\": \"opened\", \"window\": {\"days\": 5}, \"operator\": \">=\", \"value\": 2}",
    "{\"not\": {\"event\": \"opened\", \"operator\": \">=\", \"value\": 1}}",
    "{\"sales\": \"sum_gross\", \"window\": {\"days\": 10}, \"operator\": \">=\", \"value\": 30}",
    "{\"sales\": \"days_since_last\", \"operator\": \"<=\", \"value\": 3}",
    "{\"all\": [{\"sales\": \"count\", \"where\": {\"category\": \"Tea\"}, \"operator\": \">=\", "
    "\"value\": 1}, {\"not\": {\"consent\": \"newsletter\", \"channel\": \"email\", \"operator\": "
    "\"not_granted\"}}]}",
    "{\"any\": [{\"attribute\": \"country\", \"operator\": \"is\", \"value\": \"France\"}, "
    "{\"attribute\": \"has_email\", \"operator\": \"is\", \"value\": true}]}",
    "{\"all\": [{\"segment\": \"s3\", \"operator\": \"in\"}, {\"segment\": \"s1\", \"operator\": "
    "\"not_in\"}]}",
    "{\"rfm\": \"recency\", \"operator\": \">=\", \"value\": 4}",
};
enum { SEGMENTS = sizeof(definitions) / sizeof(*definitions) };

struct stream {
    struct test_stream shop;
    struct follow follow;
    int stepped, moved, evaluated;
};

static void stream_close(struct stream *stream) {
    follow_clear(&stream->follow);
    test_stream_close(&stream->shop);
}

// ---- following ----

static void follow(struct stream *stream) {
    struct scope *scope = stream->shop.scope;
    struct follow_report report;

    do {
        stream->follow.rest_until_us = 0;
        stream->follow.looked_us = 0;
        CHECK_OK(follow_round(scope, &stream->follow, &report));
        stream->stepped += report.stepped;
        stream->moved += report.moved;
        stream->evaluated += report.evaluated;
    } while (report.is_pending);
}

static void check_members(struct scope *scope, const struct segment *segment) {
    CLEANUP(rows_close) struct rows *expected = NULL;
    CLEANUP(rows_close) struct rows *members = NULL;
    const struct segment_node *tree;
    int64_t count = 0;
    struct binds binds;
    const char *sql;

    CHECK_OK(segment_tree_of(scope, segment, &tree, NULL));
    CHECK_OK(segment_sql(scope, tree, SEGMENT_TODAY, &sql, &binds));
    CHECK_OK(lake_query(scope, sql, binds, &expected));
    CHECK_OK(ledger_query(scope,
                          "SELECT customer FROM segment_member WHERE segment_id = $1 "
                          "ORDER BY customer",
                          BINDS(BIND_INT64(segment->id)), &members));
    for (; rows_next(expected); count++) {
        if (!rows_next(members))
            test_fail(__FILE__, __LINE__, "%.*s lacks customer %" PRId64, TEXT_ARG(segment->name),
                      rows_int64(expected, 0));
        if (rows_int64(members, 0) != rows_int64(expected, 0))
            test_fail(__FILE__, __LINE__, "%.*s has customer %" PRId64 ", expected %" PRId64,
                      TEXT_ARG(segment->name), rows_int64(members, 0), rows_int64(expected, 0));
    }
    CHECK(!rows_next(members));
    CHECK_INT(segment->size, count);
}

static void check_all(struct scope *scope) {
    struct segment *segments;
    size_t count;

    CHECK_OK(segment_list(scope, &segments, &count));
    for (size_t i = 0; i < count; i++) {
        CHECK_TEXT(segments[i].problem, "");
        check_members(scope, &segments[i]);
    }
}

static void begin(struct scope *scope, struct stream *stream, uint64_t seed) {
    *stream = (struct stream){0};
    test_stream_begin(scope, &stream->shop, seed);
    for (size_t i = 0; i < SEGMENTS; i++)
        test_define(scope, arena_printf(&scope->arena, "s%zu", i), definitions[i]);
}

static void check_stream(struct scope *scope, uint64_t seed) {
    CLEANUP(stream_close) struct stream stream = {0};
    int64_t former_import;

    begin(scope, &stream, seed);
    former_import = stream.shop.import_id;
    for (int step = 0; step < STEPS; step++) {
        test_happen(&stream.shop, 1 + test_draw(&stream.shop, FEW));
        if (step == STEPS / 3)
            stream.shop.import_id = store_new_id(scope);
        if (step == STEPS / 2)
            test_take_back(&stream.shop, former_import);
        if (test_draw(&stream.shop, 12) == 0)
            scope->now_us += US_PER_DAY;
        if (test_draw(&stream.shop, 3) == 0)
            continue;
        follow(&stream);
        check_all(scope);
    }
    CHECK(stream.stepped > STEPS);
    CHECK(stream.moved > STEPS / 2);
}

TEST(live_segments_have_the_members_whom_a_whole_evaluation_finds) {
    check_stream(scope, 1);
}

TEST(live_segments_have_the_members_whom_a_whole_evaluation_finds_in_another_stream) {
    check_stream(scope, 2);
}

// ---- its edges ----

static int64_t size_of(struct scope *scope, const char *name) {
    struct segment segment;

    CHECK_OK(segment_find(scope, text_of(name), &segment));
    return segment.size;
}

TEST(an_event_moves_its_customer_alone_and_since_when_is_kept) {
    CLEANUP(stream_close) struct stream stream = {0};
    int64_t begun_us, members, kept;
    int evaluated;

    begin(scope, &stream, 3);
    test_happen(&stream.shop, 30);
    follow(&stream);
    CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM segment_member", NO_BINDS, 0, &members));
    begun_us = scope->now_us + 1000000;
    evaluated = stream.evaluated;
    scope->now_us += 2000000;
    test_open_mail(&stream.shop);
    follow(&stream);
    CHECK_INT(stream.evaluated - evaluated, 1); // the one of scores
    CHECK_INT(stream.stepped, SEGMENTS - 1);
    check_all(scope);
    CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM segment_member WHERE since_us < $1",
                          BINDS(BIND_INT64(begun_us)), 0, &kept));
    CHECK(kept >= members - SEGMENTS); // all but those of the one customer
}

TEST(a_segment_that_is_not_live_stays_as_it_was) {
    CLEANUP(stream_close) struct stream stream = {0};
    int64_t size;

    begin(scope, &stream, 4);
    test_happen(&stream.shop, 10);
    follow(&stream);
    size = size_of(scope, "s0");
    CHECK_OK(segment_set_live(scope, TEXT("s0"), false));
    test_happen(&stream.shop, 60);
    follow(&stream);
    CHECK_INT(size_of(scope, "s0"), size);
    CHECK(size_of(scope, "s2") > 0);
    CHECK_OK(segment_set_live(scope, TEXT("s0"), true));
    follow(&stream);
    CHECK(size_of(scope, "s0") > size);
    check_all(scope);
}

TEST(a_segment_evaluated_for_another_day_stays_at_it_for_a_while) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct segment segment;
    int32_t day;

    begin(scope, &stream, 5);
    test_happen(&stream.shop, 120);
    follow(&stream);
    CHECK_OK(segment_find(scope, TEXT("s4"), &segment));
    day = segment.as_of_day - 300;
    CHECK_OK(segment_refresh(scope, &segment, day));
    CHECK_INT(segment.size, 0);
    test_open_mail(&stream.shop);
    follow(&stream);
    CHECK_INT(size_of(scope, "s4"), 0);
    scope->now_us += FOLLOW_PINNED_US + 1000000;
    follow(&stream);
    check_all(scope);
    CHECK(size_of(scope, "s4") > 0);
}

TEST(a_changed_definition_and_a_log_that_was_cut_are_evaluated_whole) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct json *json;

    begin(scope, &stream, 6);
    test_happen(&stream.shop, 40);
    follow(&stream);
    CHECK_OK(json_parse(scope, TEXT("{\"not\": {\"all\": []}}"), &json));
    scope->now_us += 1000;
    CHECK_OK(segment_update(scope, TEXT("s3"), (struct text){0}, json));
    follow(&stream);
    CHECK_INT(size_of(scope, "s3"), 0);
    check_all(scope); // s7 refers to it
    test_open_mail(&stream.shop);
    CHECK_OK(lake_refresh(scope));
    test_ledger_exec(scope, "DELETE FROM change WHERE id < (SELECT max(id) FROM change)");
    test_happen(&stream.shop, 5);
    test_ledger_exec(scope, "DELETE FROM change WHERE id = (SELECT min(id) FROM change)");
    follow(&stream);
    check_all(scope);
}

// Somebody's attributes are no JSON: whoever asks for one of them fails.
static void set_attributes(struct scope *scope, const char *attributes) {
    int64_t customer;

    CHECK_OK(ledger_int64(scope, "SELECT min(id) FROM customer", NO_BINDS, 0, &customer));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(scope, "UPDATE customer SET attributes = $2 WHERE id = $1",
                         BINDS(BIND_INT64(customer), BIND_STRING(attributes))));
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, customer, customer));
    CHECK_OK(ledger_commit(scope));
}

static void follow_for(struct stream *stream, int rounds) {
    struct scope *scope = stream->shop.scope;
    struct follow_report report;

    while (rounds-- > 0) {
        stream->follow.rest_until_us = stream->follow.looked_us = 0;
        CHECK_OK(follow_round(scope, &stream->follow, &report));
    }
}

static void check_all_but(struct scope *scope, const char *failing) {
    struct segment *segments;
    size_t count;

    CHECK_OK(segment_list(scope, &segments, &count));
    for (size_t i = 0; i < count; i++) {
        const bool fails = text_is(segments[i].name, failing);

        CHECK((segments[i].problem.size > 0) == fails);
        if (!fails)
            check_members(scope, &segments[i]);
    }
}

TEST(a_segment_that_fails_holds_up_no_other) {
    CLEANUP(stream_close) struct stream stream = {0};

    begin(scope, &stream, 8);
    test_define(scope, "gold",
                "{\"attribute\": \"attributes.plan\", \"operator\": \"is\", \"value\": \"gold\"}");
    test_happen(&stream.shop, 40);
    follow(&stream);
    set_attributes(scope, "{\"plan\": ");
    scope->now_us += 2000000;
    test_open_mail(&stream.shop);
    follow_for(&stream, 2); // together it fails for all
    check_all_but(scope, "gold");
    scope->now_us += US_PER_DAY;
    follow_for(&stream, 2 * SEGMENTS); // as a whole, one by one
    check_all_but(scope, "gold");
    set_attributes(scope, "{\"plan\": \"gold\"}");
    follow(&stream);
    check_all(scope);
    CHECK_INT(size_of(scope, "gold"), 1);
}

// As if all that happened had done so before a quiet hour.
static void be_quiet(struct scope *scope) {
    const int64_t hour = 60 / CHANGE_KEPT_MINUTES * (store_new_id(scope) - change_kept_from());

    CHECK_OK(ledger_exec(scope, "UPDATE change SET id = id - $1", BINDS(BIND_INT64(hour))));
    CHECK_OK(ledger_exec(scope, "UPDATE segment_follow SET change_id = change_id - $1",
                         BINDS(BIND_INT64(hour))));
}

TEST(after_a_quiet_hour_an_event_costs_no_more_than_after_a_second) {
    CLEANUP(stream_close) struct stream stream = {0};
    int evaluated;

    begin(scope, &stream, 9);
    for (int i = 0; i < 5; i++)
        test_happen(&stream.shop, 10);
    follow(&stream);
    be_quiet(scope);
    evaluated = stream.evaluated;
    test_open_mail(&stream.shop); // PostgreSQL forgets with it, a folder when it is closed
    CHECK_OK(lake_refresh(scope));
    test_store_reopen(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM change"), "2");
    follow(&stream);
    CHECK_INT(stream.evaluated - evaluated, 1); // the one of scores
    check_all(scope);
}

// ---- the zone of the business ----

static int64_t zone_of_all(struct scope *scope, const char *zone) {
    int64_t count;

    CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM segment_follow WHERE zone = $1",
                          BINDS(BIND_STRING(zone)), 0, &count));
    return count;
}

TEST(another_zone_of_the_business_moves_the_days_of_live_segments) {
    CLEANUP(stream_close) struct stream stream = {0};
    int64_t former, change_id;

    begin(scope, &stream, 10);
    test_define(scope, "today",
                "{\"event\": \"opened\", \"window\": {\"days\": 1}, \"operator\": \">=\", "
                "\"value\": 1}");
    test_happen(&stream.shop, 40);
    scope->now_us = (scope->now_us / US_PER_DAY + 9) * US_PER_DAY - US_PER_DAY / 24; // 23:00
    test_open_mail(&stream.shop);
    scope->now_us -= US_PER_DAY / 2; // 11:00, in Tokyo 20:00, where the mail is tomorrow's
    follow(&stream);
    former = size_of(scope, "today");
    CHECK(former > 0);
    CHECK_OK(ledger_int64(scope, "SELECT max(id) FROM change", NO_BINDS, 0, &change_id));
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("Asia/Tokyo")));
    follow(&stream);
    CHECK(size_of(scope, "today") < former);
    check_all(scope);
    CHECK_INT(zone_of_all(scope, "Asia/Tokyo"), SEGMENTS + 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT max(id) FROM change"),
                 arena_printf(&scope->arena, "%" PRId64, change_id));
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("UTC")));
    follow(&stream);
    CHECK_INT(size_of(scope, "today"), former);
    check_all(scope);
}

TEST(a_segment_that_is_asked_for_is_evaluated_in_the_zone_of_the_business) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct segment segment;
    int64_t at_us;

    begin(scope, &stream, 11);
    test_happen(&stream.shop, 40);
    CHECK_OK(segment_find(scope, TEXT("s4"), &segment));
    CHECK_OK(segment_freshen(scope, &segment, SEGMENT_TODAY));
    at_us = segment.evaluated_at_us;
    CHECK_OK(segment_freshen(scope, &segment, SEGMENT_TODAY));
    CHECK_INT(segment.evaluated_at_us, at_us);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("Pacific/Auckland")));
    CHECK_OK(segment_freshen(scope, &segment, segment.as_of_day));
    CHECK(segment.evaluated_at_us > at_us);
    CHECK_TEXT(segment.zone, "Pacific/Auckland");
}

TEST(an_evaluation_beside_the_follower_is_caught_up_with) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct segment segment, late;

    begin(scope, &stream, 7);
    test_happen(&stream.shop, 20);
    follow(&stream);
    CHECK_OK(segment_find(scope, TEXT("s1"), &segment));
    late = segment; // as if somebody had read the lake here, and wrote after the follower
    for (int i = 0; i < 40; i++)
        test_open_mail(&stream.shop);
    follow(&stream);
    test_ledger_exec(scope, "DELETE FROM segment_member WHERE segment_id IN "
                            "(SELECT id FROM segment WHERE name = 's1')");
    CHECK_OK(ledger_exec(scope,
                         "UPDATE segment_follow SET change_id = $2, size = 0 WHERE segment_id = $1",
                         BINDS(BIND_INT64(late.id), BIND_INT64(late.change_id))));
    test_open_mail(&stream.shop);
    follow(&stream);
    CHECK(size_of(scope, "s1") > 0);
}

TEST(a_thread_brings_a_live_segment_up_to_date_within_a_second) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct follower *follower = NULL;
    int64_t begun_us, size, least_us = INT64_MAX;

    begin(scope, &stream, 8);
    test_open_mail(&stream.shop);
    CHECK_OK(follower_start(scope, session_store(scope), &follower));
    for (int i = 0; i < 300 && size_of(scope, "s0") == 0; i++)
        usleep(10000);
    for (int i = 0; i < 3; i++) {
        size = size_of(scope, "s0");
        usleep(300000); // it has rested after the first evaluations
        CHECK_OK(ledger_begin(scope));
        CHECK_OK(resolver_begin(scope, stream.shop.resolver));
        while (!test_somebody(&stream.shop).created)
            ;
        CHECK_OK(ledger_commit(scope));
        begun_us = clock_us();
        while (size_of(scope, "s0") == size && clock_us() - begun_us < 5000000)
            usleep(5000);
        CHECK(size_of(scope, "s0") > size);
        least_us = clock_us() - begun_us < least_us ? clock_us() - begun_us : least_us;
    }
    CHECK(least_us < 1000000); // the machine may do much else at the same time, but not always
    follower_stop(follower);
}
