// SPDX-License-Identifier: Apache-2.0
// A sender that is killed, many times in one campaign: everybody is written to once, but for those
// of whom nobody can say, and these are counted.
#include "analyze/segment/segment.h"
#include "base/random.h"
#include "base/time.h"
#include "push/campaign/campaign.h"
#include "store/change.h"
#include "store/ledger.h"
#include "tests/campaign_sender.h"

#include <stdio.h>

enum {
    PEOPLE = 1500,
    KILLS = 50,
    SHARED_KILLS = 15,
    LONGEST_US = 8000,
    A_SECOND = 20,
};

static void people(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer sql = {0};
    struct json *tree;

    test_store(scope);
    scope->now_us = time_now_us();
    for (int i = 1; i <= PEOPLE; i++)
        buffer_printf(&sql,
                      "%sINSERT INTO customer (id, import_id, created_at_us, country) "
                      "VALUES (%d, 0, 1, 'DE')",
                      i > 1 ? ";" : "", i);
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(scope, buffer_string(&sql));
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_CREATED, 1, PEOPLE));
    CHECK_OK(json_parse(
        scope, TEXT("{\"attribute\": \"country\", \"operator\": \"is\", \"value\": \"DE\"}"),
        &tree));
    CHECK_OK(segment_create(scope, TEXT("germans"), TEXT(""), tree));
    CHECK_OK(ledger_commit(scope));
}

static int64_t approved(struct scope *scope) {
    struct campaign campaign = campaign_usual();
    struct json *document;

    CHECK_OK(json_parse(scope,
                        TEXT("{\"name\": \"spring\", \"purpose\": \"news\", \"channel\": \"file\", "
                             "\"segment\": \"germans\", \"arms\": [{\"name\": \"A\", \"text\": "
                             "\"Hello\"}]}"),
                        &document));
    CHECK_OK(campaign_read(scope, document, &campaign));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(campaign_create(scope, &campaign));
    CHECK_OK(campaign_take_step(scope, &campaign, CAMPAIGN_SUBMIT));
    scope->actor.permissions = ~0u;
    CHECK_OK(campaign_take_step(scope, &campaign, CAMPAIGN_APPROVE));
    test_ledger_exec(scope, "UPDATE campaign SET job_id = 1");
    CHECK_OK(ledger_commit(scope));
    return campaign.id;
}

// How often each message stands in the file that they were handed over to.
static void count_lines(struct scope *scope, const char *path, int64_t *ret_lines,
                        int64_t *ret_twice) {
    FILE *file = fopen(path, "r");
    CLEANUP(buffer_clear) struct buffer keys = {0};
    char line[4096];

    *ret_lines = *ret_twice = 0;
    CHECK(file != NULL);
    while (fgets(line, sizeof(line), file)) {
        struct json *message;
        struct text key;

        CHECK_OK(json_parse(scope, text_trim(text_of(line)), &message));
        key = text_printf(&scope->arena, "|%.*s|", TEXT_ARG(json_member(message, "key")->string));
        *ret_twice += keys.size > 0 && memmem(keys.data, keys.size, key.data, key.size) != NULL;
        buffer_add_text(&keys, key);
        ++*ret_lines;
    }
    fclose(file);
}

static int64_t count(struct scope *scope, const char *sql) {
    int64_t value = -1;

    CHECK_OK(ledger_int64(scope, sql, NO_BINDS, -1, &value));
    return value;
}

TEST(a_sender_killed_again_and_again_leaves_nobody_out_and_writes_to_nobody_twice) {
    const int kills = test_store_is_shared() ? SHARED_KILLS : KILLS; // a session takes longer
    struct random random = {.state = 20261122};
    int64_t id, lines, twice, accepted, unknown, held;
    struct test_place place;
    const char *path;

    people(scope);
    id = approved(scope);
    test_ledger_exec(scope, arena_printf(&scope->arena,
                                         "INSERT INTO channel (kind, cost_micros, "
                                         "rate_per_second) VALUES (%d, 0, %d)",
                                         CHANNEL_FILE, A_SECOND));
    place = test_store_place(scope);
    path = arena_printf(&scope->arena, "%s/outbox/%lld.jsonl", store_path(session_store(scope)),
                        (long long)id);
    test_store_close(scope);
    for (int i = 0; i < kills; i++) // every other one at once
        kill_campaign(place, id, path, i % 2 == 0 ? 0 : random_below(&random, LONGEST_US));
    test_store_open_at(scope, place);
    test_ledger_exec(scope, "UPDATE channel SET rate_per_second = 0");
    scope->now_us = time_now_us();
    CHECK_OK(run_campaign(scope, id));
    accepted = count(scope, "SELECT count(*) FROM message WHERE state = 'accepted'");
    unknown = count(scope, "SELECT count(*) FROM message WHERE state = 'unknown'");
    held = count(scope, "SELECT count(*) FROM message WHERE state = 'held_out'");
    count_lines(scope, path, &lines, &twice);
    printf("  %d kills: %lld sent, %lld unknown, %lld held out, %lld handed over, %lld twice\n",
           kills, (long long)accepted, (long long)unknown, (long long)held, (long long)lines,
           (long long)twice);
    CHECK_INT(accepted + unknown + held, PEOPLE); // never sent, nobody says so: 0
    CHECK_INT(twice, 0);
    CHECK(unknown > 0); // some were killed while they sent
    CHECK(lines >= accepted);
    CHECK(lines <= accepted + unknown);
    CHECK_STRING(test_ledger_rows(scope, "SELECT state FROM campaign"), "finished");
}
