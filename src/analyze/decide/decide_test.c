// SPDX-License-Identifier: Apache-2.0
// Answers out of memory are those out of the ledger, after anything that can happen, and within a
// second of it.
#include "analyze/decide/decide.h"

#include "analyze/decide/image_load.h"
#include "analyze/decide/memory.h"
#include "analyze/segment/follow.h"
#include "analyze/segment/follower.h"
#include "analyze/segment/stream_testing.h"
#include "base/clock.h"
#include "base/time.h"
#include "govern/access/access.h"
#include "govern/access/key.h"
#include "host/event/event.h"
#include "store/ledger.h"

#include <stdio.h>
#include <unistd.h>

// The promise is a second, as decide_live_test.c has it: this machine may do much else.
enum { STEPS = 30, EMAILS = 40, SOON_US = 4000000 };

static const struct text trait_names[] = {{"country", 7}, {"attributes.tier", 15}};
static const struct trait_list traits = {.names = trait_names, .count = 2};

// ---- memory and ledger ----

static struct decide_question question_of(struct scope *scope, const char *id) {
    struct decide_question question;

    CHECK_OK(decide_parse(scope, text_of(id), TEXT(""), &question));
    return question;
}

static void check_same(struct scope *scope, const struct loaded *loaded, const char *id) {
    static const struct text written[] = {{"\"country\"", 9}, {"\"attributes.tier\"", 17}};
    const struct decide_question question = question_of(scope, id);
    CLEANUP(buffer_clear) struct buffer expected = {0};
    CLEANUP(buffer_clear) struct buffer told = {0};

    CHECK_OK(decide_answer(scope, &question, trait_names, 2, &expected));
    image_write_answer(
        loaded->image,
        image_name_of(loaded->image, (int)question.kind, question.source, question.value),
        (const int[]){0, 1}, written, 2, &told);
    if (!text_equal(buffer_text(&told), buffer_text(&expected)))
        test_fail(__FILE__, __LINE__, "of %s memory says %s, the ledger %s", id,
                  buffer_string(&told), buffer_string(&expected));
}

static void check_everybody(struct scope *scope, const struct loaded *loaded) {
    for (int i = 0; i < EMAILS; i++) {
        check_same(scope, loaded, arena_printf(&scope->arena, "email:p%d@example.org", i));
        check_same(scope, loaded, arena_printf(&scope->arena, "cookie:p%d@example.org", i));
    }
}

static void say_purpose(struct test_stream *stream) {
    struct scope *scope = stream->scope;

    // What the stream says of newsletters is said of being told apart, now and then.
    CHECK_OK(ledger_exec(scope,
                         "UPDATE consent SET purpose = 'personalisation' WHERE id % 3 = 0 AND "
                         "purpose = 'newsletter'",
                         NO_BINDS));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(change_record(scope, CHANGE_CONSENT, CHANGE_UPDATED, 1, INT64_MAX));
    CHECK_OK(ledger_commit(scope));
}

static void follow(struct scope *scope, struct follow *state) {
    struct follow_report report;

    do {
        state->rest_until_us = state->looked_us = 0;
        CHECK_OK(follow_round(scope, state, &report));
    } while (report.is_pending);
}

static void check_stream(struct scope *scope, uint64_t seed) {
    CLEANUP(test_stream_close) struct test_stream stream = {0};
    CLEANUP(loaded_clear) struct loaded loaded = {0};
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    struct follow state = {0};
    int64_t former_import;

    test_stream_begin(scope, &stream, seed);
    test_define(scope, "everybody", "{\"all\": []}");
    test_define(scope, "france",
                "{\"attribute\": \"country\", \"operator\": \"is\", \"value\": \"France\"}");
    test_define(scope, "readers \"A\"",
                "{\"event\": \"opened\", \"operator\": \">=\", \"value\": 2}");
    former_import = stream.import_id;
    test_happen(&stream, 20);
    CHECK_OK(loaded_build(scope, &traits, &loaded));
    for (int step = 0; step < STEPS; step++) {
        test_happen(&stream, 1 + test_draw(&stream, 8));
        if (step % 5 == 1)
            say_purpose(&stream);
        if (step == STEPS / 3)
            stream.import_id = store_new_id(scope);
        if (step == STEPS / 2)
            test_take_back(&stream, former_import);
        follow(scope, &state);
        CHECK_OK(loaded_follow(scope, &loaded, &lock));
        CHECK(!loaded.is_stale);
        check_everybody(scope, &loaded);
    }
    loaded_clear(&loaded);
    CHECK_OK(loaded_build(scope, &traits, &loaded));
    check_everybody(scope, &loaded);
}

TEST(memory_says_what_the_ledger_says_whatever_happens) {
    check_stream(scope, 21);
}

TEST(memory_says_what_the_ledger_says_in_another_stream) {
    check_stream(scope, 22);
}

// ---- a server's threads ----

struct shop {
    struct test_stream stream;
    struct follower *follower;
    struct memory *memory;
    struct text key;
};

static void shop_close(struct shop *shop) {
    follower_stop(shop->follower);
    memory_stop(shop->memory);
    test_stream_close(&shop->stream);
}

static void make_key(struct scope *scope, struct shop *shop) {
    const struct key_wish wish = {
        .name = TEXT("shop"), .permissions = MAY_DECIDE, .traits = trait_names, .trait_count = 1};
    struct api_key found;
    bool is_found;
    int64_t id;

    scope->actor.permissions = MAY_EVERYTHING;
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(key_make(scope, &wish, &id, &shop->key));
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(key_find(scope, shop->key, &found, &is_found)); // its first use today
    CHECK(is_found);
    CHECK(found.trait_count == 1);
}

static bool says(struct scope *scope, struct shop *shop, const char *id, const char *part) {
    CLEANUP(buffer_clear) struct buffer out = {0};

    return memory_answer(shop->memory, scope, shop->key, text_of(id), &out) &&
           strstr(buffer_string(&out), part) != NULL;
}

// Within how many µs it is (or is not) said.
static int64_t wait_until(struct scope *scope, struct shop *shop, const char *id, const char *part,
                          bool expected) {
    const int64_t begun_us = clock_us();

    while (says(scope, shop, id, part) != expected)
        if (clock_us() - begun_us > 10000000)
            test_fail(__FILE__, __LINE__, "%s is never %s of %s", part, expected ? "said" : "gone",
                      id);
        else
            usleep(5000);
    return clock_us() - begun_us;
}

static void open_shop(struct scope *scope, struct shop *shop, uint64_t seed) {
    test_stream_begin(scope, &shop->stream, seed);
    test_define(scope, "everybody", "{\"all\": []}");
    test_define(scope, "readers", "{\"event\": \"read\", \"operator\": \">=\", \"value\": 1}");
    make_key(scope, shop);
    test_happen(&shop->stream, 10);
    CHECK_OK(memory_start(scope, session_store(scope), &shop->memory));
    CHECK_OK(follower_start(scope, session_store(scope), &shop->follower));
}

static struct resolution see(struct shop *shop, enum identifier_kind kind, const char *value) {
    const struct sighted who = {kind, TEXT(""), text_of(value)};
    struct scope *scope = shop->stream.scope;
    const struct sighting sighting = {.identifiers = &who,
                                      .count = 1,
                                      .import_id = shop->stream.import_id,
                                      .seen_at_us = scope->now_us,
                                      .evidence = TEXT("a test"),
                                      .source = TEXT("web")};
    struct resolution resolution = {0};

    CHECK_OK(resolver_begin(scope, shop->stream.resolver));
    CHECK_OK(resolver_resolve(scope, shop->stream.resolver, &sighting, &resolution));
    return resolution;
}

static void read_once(struct shop *shop, const char *email) {
    struct change_run run = {.table = CHANGE_EVENT};
    struct scope *scope = shop->stream.scope;
    struct resolution who;
    struct event_row row = {.source = TEXT("web"), .name = TEXT("read"), .at_us = time_now_us()};
    bool added;

    CHECK_OK(ledger_begin(scope));
    who = see(shop, IDENTIFIER_EMAIL, email);
    row.key = test_next_key(&shop->stream);
    row.identifier_id = who.identifier_id;
    row.origin = who.origin;
    CHECK_OK(event_add(scope, &run, shop->stream.import_id, &row, &added));
    CHECK_OK(change_run_announce(scope, &run));
    CHECK_OK(ledger_commit(scope));
}

static void put_field(struct shop *shop, const char *email, const char *name, const char *value) {
    const struct profile_field field = {text_of(name), text_of(value)};
    struct scope *scope = shop->stream.scope;
    enum profile_effect effect;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(profiles_put_customer(scope, shop->stream.profiles,
                                   see(shop, IDENTIFIER_EMAIL, email).origin,
                                   shop->stream.import_id, SAID_OF_IT, &field, 1, &effect));
    CHECK_OK(ledger_commit(scope));
}

TEST(what_happens_is_answered_within_a_second) {
    CLEANUP(shop_close) struct shop shop = {0};

    open_shop(scope, &shop, 31);
    read_once(&shop, "ada@example.org");
    wait_until(scope, &shop, "email:Ada@Example.org", "[\"everybody\",\"readers\"]", true);
    usleep(1000000); // whole evaluations of the beginning are over
    read_once(&shop, "bob@example.org");
    CHECK(wait_until(scope, &shop, "email:bob@example.org", "\"readers\"", true) < SOON_US);
    put_field(&shop, "bob@example.org", "country", "France");
    CHECK(wait_until(scope, &shop, "email:bob@example.org", "{\"country\":\"France\"}", true) <
          SOON_US);
    put_field(&shop, "bob@example.org", "tier", "gold");
    CHECK(!says(scope, &shop, "email:bob@example.org", "gold")); // not told to this key
    CHECK(says(scope, &shop, "email:eve@example.org", "{\"segments\":[],\"traits\":{}}"));
}

TEST(a_join_and_its_undoing_are_answered_within_a_second) {
    CLEANUP(shop_close) struct shop shop = {0};
    int64_t one, other, link;

    open_shop(scope, &shop, 32);
    read_once(&shop, "ada@example.org");
    CHECK_OK(ledger_begin(scope));
    one = see(&shop, IDENTIFIER_EMAIL, "ada@example.org").customer;
    other = see(&shop, IDENTIFIER_COOKIE, "visit").customer;
    CHECK_OK(ledger_commit(scope));
    wait_until(scope, &shop, "email:ada@example.org", "readers", true);
    wait_until(scope, &shop, "cookie:visit", "everybody", true);
    CHECK(!says(scope, &shop, "cookie:visit", "readers"));
    usleep(1000000);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(identity_join(scope, one, other, TEXT("a test"), &link));
    CHECK_OK(ledger_commit(scope));
    CHECK(wait_until(scope, &shop, "cookie:visit", "readers", true) < SOON_US);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(identity_undo_link(scope, link));
    CHECK_OK(ledger_commit(scope));
    CHECK(wait_until(scope, &shop, "cookie:visit", "readers", false) < SOON_US);
    CHECK(says(scope, &shop, "email:ada@example.org", "readers"));
}

TEST(a_revoked_key_is_not_answered_within_a_second) {
    CLEANUP(shop_close) struct shop shop = {0};
    CLEANUP(buffer_clear) struct buffer out = {0};

    open_shop(scope, &shop, 33);
    read_once(&shop, "ada@example.org");
    wait_until(scope, &shop, "email:ada@example.org", "readers", true);
    CHECK(
        !memory_answer(shop.memory, scope, TEXT("tsk_wrong"), TEXT("email:ada@example.org"), &out));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(key_revoke(scope, TEXT("shop")));
    CHECK_OK(ledger_commit(scope));
    CHECK(wait_until(scope, &shop, "email:ada@example.org", "", false) < SOON_US);
}

TEST(a_segment_that_is_changed_or_deleted_is_answered_so) {
    CLEANUP(shop_close) struct shop shop = {0};
    struct json *json;

    open_shop(scope, &shop, 34);
    read_once(&shop, "ada@example.org");
    wait_until(scope, &shop, "email:ada@example.org", "[\"everybody\",\"readers\"]", true);
    CHECK_OK(json_parse(scope, TEXT("{\"not\": {\"all\": []}}"), &json));
    scope->now_us = time_now_us();
    CHECK_OK(segment_update(scope, TEXT("readers"), (struct text){0}, json));
    wait_until(scope, &shop, "email:ada@example.org", "[\"everybody\"]", true);
    CHECK_OK(segment_delete(scope, TEXT("everybody")));
    wait_until(scope, &shop, "email:ada@example.org", "\"segments\":[]", true);
    follower_stop(TAKE(shop.follower));
    memory_stop(TAKE(shop.memory)); // a restart knows what was known
    CHECK_OK(memory_start(scope, session_store(scope), &shop.memory));
    wait_until(scope, &shop, "email:ada@example.org", "\"segments\":[]", true);
}

// ---- the question ----

TEST(an_id_is_a_kind_and_a_value) {
    struct decide_question question;

    question = question_of(scope, "customer_number:shop:10:42");
    CHECK_TEXT(question.source, "shop");
    CHECK_TEXT(question.value, "10:42");
    CHECK(question_of(scope, "email:anonymous").is_nobody);
    CHECK_CODE(decide_parse(scope, TEXT("ada@example.org"), TEXT(""), &question), INVALID);
    CHECK_STRING(scope->failure.field, "id");
    scope_forgive(scope);
    CHECK_CODE(decide_parse(scope, TEXT("customer_number:1042"), TEXT(""), &question), INVALID);
    CHECK_STRING(scope->failure.message,
                 "a customer_number is of a source: its name stands before the value");
}

TEST(who_objects_and_who_is_unknown_are_answered_alike) {
    CLEANUP(buffer_clear) struct buffer unknown = {0};
    CLEANUP(buffer_clear) struct buffer objects = {0};
    CLEANUP(test_stream_close) struct test_stream stream = {0};
    struct decide_question question;
    struct follow state = {0};

    test_stream_begin(scope, &stream, 41);
    test_define(scope, "everybody", "{\"all\": []}");
    test_ledger_exec(scope,
                     "INSERT INTO customer (id, import_id, created_at_us, country) VALUES "
                     "(5, 1, 0, 'France'); INSERT INTO identifier (id, kind, source, value, "
                     "origin, import_id, seen_at_us) VALUES (6, 1, '', 'a@example.org', 5, 1, 0);"
                     "INSERT INTO consent (id, import_id, seen_import, source, consent_key, "
                     "identifier_id, origin, purpose, channel, state, at_us) VALUES (7, 1, 1, 't', "
                     "'k', 6, 5, 'profiling', 'web', 'withdrawn', 3)");
    test_happen(&stream, 1);
    follow(scope, &state);
    question = question_of(scope, "email:nobody@example.org");
    CHECK_OK(decide_answer(scope, &question, trait_names, 2, &unknown));
    question = question_of(scope, "email:a@example.org");
    CHECK_OK(decide_answer(scope, &question, trait_names, 2, &objects));
    CHECK_TEXT(buffer_text(&objects), buffer_string(&unknown));
    test_ledger_exec(scope, "DELETE FROM consent");
    buffer_clear(&objects);
    CHECK_OK(decide_answer(scope, &question, trait_names, 2, &objects));
    CHECK(strstr(buffer_string(&objects), "\"traits\":{\"country\":\"France\"}") != NULL);
}
