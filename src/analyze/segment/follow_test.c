// SPDX-License-Identifier: Apache-2.0
// Segments that follow: after any stream of events, sales, attributes, consents, joins, undoings,
// withdrawn imports and passing days, the members are those whom a whole evaluation finds.
#include "analyze/segment/follow.h"

#include "analyze/segment/follower.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/time.h"
#include "govern/consent/consent.h"
#include "host/event/event.h"
#include "host/identity/identity.h"
#include "host/profile/profile.h"
#include "host/sale/sale.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "store/store_testing.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { PEOPLE = 40, STEPS = 40, FEW = 8 };

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
    struct scope *scope;
    struct random random;
    struct resolver *resolver;
    struct profiles *profiles;
    struct follow follow;
    int64_t import_id;
    int64_t links[STEPS];
    size_t link_count;
    int number;
    int stepped, moved, evaluated;
};

static void stream_close(struct stream *stream) {
    resolver_free(stream->resolver);
    profiles_free(stream->profiles);
}

static uint32_t draw(struct stream *stream, uint32_t below) {
    return random_below(&stream->random, below);
}

// ---- what happens ----

static struct resolution somebody(struct stream *stream) {
    struct scope *scope = stream->scope;
    const struct sighted who = {
        draw(stream, 3) ? IDENTIFIER_COOKIE : IDENTIFIER_EMAIL, TEXT(""),
        text_printf(&scope->arena, "p%u@example.org", draw(stream, PEOPLE))};
    const struct sighting sighting = {.identifiers = &who,
                                      .count = 1,
                                      .import_id = stream->import_id,
                                      .seen_at_us = scope->now_us,
                                      .evidence = TEXT("a test"),
                                      .source = TEXT("web")};
    struct resolution resolution = {0};

    CHECK_OK(resolver_resolve(scope, stream->resolver, &sighting, &resolution));
    return resolution;
}

static int64_t some_instant(struct stream *stream) {
    return stream->scope->now_us + ((int64_t)draw(stream, 20) - 17) * US_PER_DAY; // later ones, too
}

static struct text next_key(struct stream *stream) {
    return text_printf(&stream->scope->arena, "k%d", stream->number++);
}

static void put_event(struct stream *stream) {
    struct change_run run = {.table = CHANGE_EVENT};
    struct scope *scope = stream->scope;
    const struct resolution who = somebody(stream);
    const struct event_row row = {.source = TEXT("web"),
                                  .key = next_key(stream),
                                  .identifier_id = who.identifier_id,
                                  .origin = who.origin,
                                  .at_us = some_instant(stream),
                                  .name = draw(stream, 2) ? TEXT("opened") : TEXT("clicked")};
    bool added;

    CHECK_OK(event_add(scope, &run, stream->import_id, &row, &added));
    CHECK_OK(change_run_announce(scope, &run));
}

static void put_consent(struct stream *stream) {
    struct change_run run = {.table = CHANGE_CONSENT};
    struct scope *scope = stream->scope;
    const struct resolution who = somebody(stream);
    const struct consent_row row = {.source = TEXT("web"),
                                    .key = next_key(stream),
                                    .identifier_id = who.identifier_id,
                                    .origin = who.origin,
                                    .purpose = TEXT("newsletter"),
                                    .channel = TEXT("email"),
                                    .state =
                                        (enum consent_state)(CONSENT_GRANTED + draw(stream, 3)),
                                    .at_us = some_instant(stream)};
    bool added;

    CHECK_OK(consent_add(scope, &run, stream->import_id, &row, &added));
    CHECK_OK(change_run_announce(scope, &run));
}

static int64_t product(struct stream *stream, uint32_t number) {
    static const struct text categories[] = {{"Tea", 3}, {"Coffee", 6}};
    const struct profile_field field = {TEXT("category"), categories[draw(stream, 2)]};
    struct scope *scope = stream->scope;
    enum profile_effect effect;
    int64_t id;

    CHECK_OK(profiles_put_code(scope, stream->profiles, PROFILE_PRODUCT,
                               text_printf(&scope->arena, "P%u", number), stream->import_id,
                               SAID_OF_IT, &field, 1, &id, &effect));
    return id;
}

static void put_sale(struct stream *stream) {
    struct scope *scope = stream->scope;
    struct sale_writer *writer = sale_writer_new(stream->import_id, true);
    const struct resolution who = somebody(stream);
    const int64_t gross = (1 + draw(stream, 40)) * INT64_C(1000000);
    const struct sale_row row = {.source = TEXT("till"),
                                 .number = text_printf(&scope->arena, "R%u", draw(stream, 60)),
                                 .sold_at_us = some_instant(stream),
                                 .currency = TEXT("EUR"),
                                 .identifier_id = who.identifier_id,
                                 .origin = who.origin,
                                 .product_id = product(stream, draw(stream, 4)),
                                 .quantity_micros = 1000000,
                                 .unit_price_micros = gross,
                                 .vat_rate_bp = -1,
                                 .net_micros = gross,
                                 .gross_micros = gross};
    enum sale_effect effect;

    CHECK_OK(sale_writer_add(scope, writer, &row, &effect));
    CHECK_OK(sale_writer_flush(scope, writer));
    sale_writer_free(writer);
}

static void put_attribute(struct stream *stream) {
    static const struct text countries[] = {{"France", 6}, {"Spain", 5}};
    const struct profile_field field = {TEXT("country"), countries[draw(stream, 2)]};
    struct scope *scope = stream->scope;
    enum profile_effect effect;

    CHECK_OK(profiles_put_customer(scope, stream->profiles, somebody(stream).origin,
                                   stream->import_id, SAID_OF_IT, &field, 1, &effect));
}

static void join(struct stream *stream) {
    struct scope *scope = stream->scope;
    const int64_t one = somebody(stream).customer, other = somebody(stream).customer;

    if (one == other || stream->link_count == STEPS)
        return;
    CHECK_OK(identity_join(scope, one, other, TEXT("a test"), &stream->links[stream->link_count]));
    stream->link_count++;
}

static void undo(struct stream *stream) {
    struct scope *scope = stream->scope;

    if (stream->link_count > 0)
        CHECK_OK(identity_undo_link(scope, stream->links[--stream->link_count]));
}

static void happen(struct stream *stream) {
    switch (draw(stream, 16)) {
    case 0:
        join(stream);
        return;
    case 1:
        undo(stream);
        return;
    case 2:
        product(stream, draw(stream, 4));
        return;
    case 3:
    case 4:
        put_attribute(stream);
        return;
    case 5:
    case 6:
        put_consent(stream);
        return;
    case 7:
    case 8:
    case 9:
        put_sale(stream);
        return;
    default:
        put_event(stream);
    }
}

// What a withdrawn import does, in its order.
static void take_back(struct stream *stream, int64_t import_id) {
    struct scope *scope = stream->scope;

    CHECK_OK(sale_undo_import(scope, import_id));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(event_undo_import(scope, import_id));
    CHECK_OK(consent_undo_import(scope, import_id));
    CHECK_OK(profile_undo_import(scope, import_id));
    CHECK_OK(identity_undo_import(scope, import_id));
    CHECK_OK(ledger_commit(scope));
    resolver_forget(stream->resolver);
    profiles_forget(stream->profiles);
    stream->link_count = 0; // some of them are gone
}

// ---- following ----

static void follow(struct stream *stream) {
    struct scope *scope = stream->scope;
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

static void define(struct scope *scope, const char *name, const char *definition) {
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(definition), &json));
    CHECK_OK(segment_create(scope, text_of(name), TEXT(""), json));
}

static void begin(struct scope *scope, struct stream *stream, uint64_t seed) {
    test_store(scope);
    scope->now_us = time_now_us();
    *stream = (struct stream){.scope = scope,
                              .random = random_stream(11, 3, seed),
                              .resolver = resolver_new(),
                              .profiles = profiles_new(),
                              .import_id = store_new_id(scope)};
    for (size_t i = 0; i < SEGMENTS; i++)
        define(scope, arena_printf(&scope->arena, "s%zu", i), definitions[i]);
}

static void happen_several(struct stream *stream, uint32_t count) {
    struct scope *scope = stream->scope;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, stream->resolver));
    for (uint32_t i = 0; i < count; i++)
        happen(stream);
    CHECK_OK(ledger_commit(scope));
}

static void check_stream(struct scope *scope, uint64_t seed) {
    CLEANUP(stream_close) struct stream stream = {0};
    int64_t former_import;

    begin(scope, &stream, seed);
    former_import = stream.import_id;
    for (int step = 0; step < STEPS; step++) {
        happen_several(&stream, 1 + draw(&stream, FEW));
        if (step == STEPS / 3)
            stream.import_id = store_new_id(scope);
        if (step == STEPS / 2)
            take_back(&stream, former_import);
        if (draw(&stream, 12) == 0)
            scope->now_us += US_PER_DAY;
        if (draw(&stream, 3) == 0)
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

static void open_once(struct stream *stream) {
    struct change_run run = {.table = CHANGE_EVENT};
    struct scope *scope = stream->scope;
    struct event_row row = {.source = TEXT("web"), .name = TEXT("opened"), .at_us = scope->now_us};
    struct resolution who;
    bool added;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, stream->resolver));
    who = somebody(stream);
    row.identifier_id = who.identifier_id;
    row.origin = who.origin;
    row.key = next_key(stream);
    CHECK_OK(event_add(scope, &run, stream->import_id, &row, &added));
    CHECK_OK(change_run_announce(scope, &run));
    CHECK_OK(ledger_commit(scope));
}

TEST(an_event_moves_its_customer_alone_and_since_when_is_kept) {
    CLEANUP(stream_close) struct stream stream = {0};
    int64_t begun_us, members, kept;
    int evaluated;

    begin(scope, &stream, 3);
    happen_several(&stream, 30);
    follow(&stream);
    CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM segment_member", NO_BINDS, 0, &members));
    begun_us = scope->now_us + 1000000;
    evaluated = stream.evaluated;
    scope->now_us += 2000000;
    open_once(&stream);
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
    happen_several(&stream, 10);
    follow(&stream);
    size = size_of(scope, "s0");
    CHECK_OK(segment_set_live(scope, TEXT("s0"), false));
    happen_several(&stream, 60);
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
    happen_several(&stream, 120);
    follow(&stream);
    CHECK_OK(segment_find(scope, TEXT("s4"), &segment));
    day = segment.as_of_day - 300;
    CHECK_OK(segment_refresh(scope, &segment, day));
    CHECK_INT(segment.size, 0);
    open_once(&stream);
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
    happen_several(&stream, 40);
    follow(&stream);
    CHECK_OK(json_parse(scope, TEXT("{\"not\": {\"all\": []}}"), &json));
    scope->now_us += 1000;
    CHECK_OK(segment_update(scope, TEXT("s3"), (struct text){0}, json));
    follow(&stream);
    CHECK_INT(size_of(scope, "s3"), 0);
    check_all(scope); // s7 refers to it
    open_once(&stream);
    CHECK_OK(lake_refresh(scope));
    test_ledger_exec(scope, "DELETE FROM change WHERE id < (SELECT max(id) FROM change)");
    happen_several(&stream, 5);
    test_ledger_exec(scope, "DELETE FROM change WHERE id = (SELECT min(id) FROM change)");
    follow(&stream);
    check_all(scope);
}

TEST(an_evaluation_beside_the_follower_is_caught_up_with) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct segment segment, late;

    begin(scope, &stream, 7);
    happen_several(&stream, 20);
    follow(&stream);
    CHECK_OK(segment_find(scope, TEXT("s1"), &segment));
    late = segment; // as if somebody had read the lake here, and wrote after the follower
    for (int i = 0; i < 40; i++)
        open_once(&stream);
    follow(&stream);
    test_ledger_exec(scope, "DELETE FROM segment_member WHERE segment_id IN "
                            "(SELECT id FROM segment WHERE name = 's1')");
    CHECK_OK(ledger_exec(scope,
                         "UPDATE segment_follow SET change_id = $2, size = 0 WHERE segment_id = $1",
                         BINDS(BIND_INT64(late.id), BIND_INT64(late.change_id))));
    open_once(&stream);
    follow(&stream);
    CHECK(size_of(scope, "s1") > 0);
}

TEST(a_thread_brings_a_live_segment_up_to_date_within_a_second) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct follower *follower = NULL;
    int64_t begun_us, size;

    begin(scope, &stream, 8);
    open_once(&stream);
    CHECK_OK(follower_start(scope, session_store(scope), &follower));
    for (int i = 0; i < 300 && size_of(scope, "s0") == 0; i++)
        usleep(10000);
    for (int i = 0; i < 3; i++) {
        size = size_of(scope, "s0");
        usleep(300000); // it has rested after the first evaluations
        CHECK_OK(ledger_begin(scope));
        CHECK_OK(resolver_begin(scope, stream.resolver));
        while (!somebody(&stream).created)
            ;
        CHECK_OK(ledger_commit(scope));
        begun_us = clock_us();
        while (size_of(scope, "s0") == size && clock_us() - begun_us < 5000000)
            usleep(5000);
        CHECK(size_of(scope, "s0") > size);
        CHECK(clock_us() - begun_us < 1000000);
    }
    follower_stop(follower);
}
