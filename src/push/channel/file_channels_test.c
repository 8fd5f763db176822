// SPDX-License-Identifier: Apache-2.0
// The channels that make files for others: ad platforms, call centres.
#include "base/progress.h"
#include "base/test.h"
#include "push/audience/audience_channel.h"
#include "push/call_list/call_list_channel.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <stdio.h>

#define HASH_OF_EMAIL "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"

static const char *read_all(struct scope *scope, const char *path) {
    static const size_t most = 1 << 16;
    char *bytes = arena_array(&scope->arena, most + 1, 1);
    FILE *file = fopen(path, "r");

    CHECK(file != NULL);
    CHECK(fread(bytes, 1, most, file) > 0);
    fclose(file);
    return bytes;
}

// 11 has everything, 12 nothing, 13 an e-mail address alone.
static void add_people(struct scope *scope) {
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO customer (id, import_id, created_at_us, name, given_name, family_name, city, "
        "postal_code, country) VALUES (11, 1, 1, '=Ann Person', 'Ann', 'Person', 'Berlin', "
        "'10115', 'Deutschland'), (12, 1, 1, 'Nobody', NULL, NULL, NULL, NULL, NULL), "
        "(13, 1, 1, 'Bob', 'Bob', NULL, NULL, NULL, NULL)",
        NO_BINDS));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO identifier (id, kind, source, value, origin, import_id, seen_at_us) VALUES "
        "(1, 1, '', 'test@example.com', 11, 1, 1), (2, 2, '', '+4930123456', 11, 1, 1), "
        "(3, 1, '', 'bob@example.com', 13, 1, 1)",
        NO_BINDS));
    CHECK_OK(ledger_commit(scope));
}

static void make_audience(struct scope *scope, struct text platform, const char *path,
                          struct channel_outcome outcomes[3]) {
    const struct channel_order order = {0};
    struct channel_message messages[3] = {{.customer = 11}, {.customer = 12}, {.customer = 13}};

    for (size_t i = 0; i < 3; i++)
        messages[i].content.text = platform;
    CHECK_OK(audience_channel_make(scope, &order, messages, 3, path, outcomes));
}

TEST(an_audience_has_the_columns_of_its_platform_and_hashes_alone) {
    const char *path = arena_printf(&scope->arena, "%s/audience.csv", test_folder(scope));
    struct channel_outcome outcomes[3] = {0};
    const char *file;

    test_store(scope);
    add_people(scope);
    make_audience(scope, TEXT("google"), path, outcomes);
    CHECK_INT(outcomes[0].result, CHANNEL_ACCEPTED);
    CHECK_INT(outcomes[1].result, CHANNEL_FAILED);
    CHECK_INT(outcomes[2].result, CHANNEL_ACCEPTED);
    file = read_all(scope, path);
    CHECK(text_starts_with(text_of(file), TEXT("Email,Email,Email,Phone,Phone,Phone,First Name,"
                                               "Last Name,Country,Zip\n" HASH_OF_EMAIL ",,,")));
    CHECK(strstr(file, ",DE,10115\n") != NULL);
    CHECK(strstr(file, "example.com") == NULL && strstr(file, "Ann") == NULL);
    make_audience(scope, TEXT("meta\n"), path, outcomes);
    file = read_all(scope, path);
    CHECK(text_starts_with(text_of(file),
                           TEXT("email,email,email,phone,phone,phone,fn,ln,ct,st,zip,country\n")));
    CHECK(strstr(file, "10115") == NULL && strstr(file, "30123456") == NULL);
}

// Remembers the last line.
struct noting {
    struct progress progress;
    char line[200];
};

static void note(struct progress *progress, const char *line) {
    struct noting *noting = (struct noting *)progress;

    snprintf(noting->line, sizeof(noting->line), "%s", line);
}

TEST(an_audience_tells_no_address_that_is_suppressed_anywhere) {
    const char *path = arena_printf(&scope->arena, "%s/audience.csv", test_folder(scope));
    struct channel_outcome outcomes[3] = {0};
    const char *file;

    test_store(scope);
    add_people(scope);
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO suppressed_identifier (identifier_id, channel, reason) "
                         "VALUES (1, 'email', 'unsubscribed'), (3, 'email', 'complained')",
                         NO_BINDS));
    make_audience(scope, TEXT("google"), path, outcomes);
    file = read_all(scope, path);
    CHECK(strstr(file, HASH_OF_EMAIL) == NULL);
    CHECK(strstr(file, ",DE,10115\n") != NULL); // by telephone and address
    CHECK_INT(outcomes[2].result, CHANNEL_FAILED);
}

TEST(a_list_of_few_is_told_of_once_for_all_files) {
    const char *path = arena_printf(&scope->arena, "%s/audience.csv", test_folder(scope));
    struct channel_outcome outcomes[3] = {0};
    struct noting noting = {.progress = {.note = note}};

    test_store(scope);
    add_people(scope);
    scope->progress = &noting.progress;
    make_audience(scope, TEXT("google"), path, outcomes);
    CHECK_STRING(noting.line, "the list has 2 people; platforms match lists of 100 and more");
    for (int64_t id = 1; id <= 98; id++)
        CHECK_OK(ledger_exec(scope,
                             "INSERT INTO audience_member (campaign_id, customer, platform, line) "
                             "VALUES (0, 1000 + $1, 0, '')",
                             BINDS(BIND_INT64(id))));
    noting.line[0] = '\0';
    make_audience(scope, TEXT("google"), path, outcomes);
    CHECK_STRING(noting.line, "");
}

TEST(an_audience_names_a_platform_that_is_known) {
    const struct channel_content google = {.text = TEXT("google")}, other = {.text = TEXT("x")};

    CHECK_OK(audience_channel_prepare(scope, &google));
    CHECK_CODE(audience_channel_prepare(scope, &other), INVALID);
}

TEST(a_list_of_calls_is_safe_for_spreadsheets) {
    const char *path = arena_printf(&scope->arena, "%s/calls.csv", test_folder(scope));
    const struct channel_order order = {0};
    const struct channel_message message = {
        .id = 7,
        .customer = 11,
        .address = TEXT("+4930123456"),
        .content = {.subject = TEXT("Renewal"), .text = TEXT("Ask, \"when\"?")}};
    struct channel_outcome outcome = {0};

    test_store(scope);
    add_people(scope);
    CHECK_OK(call_list_channel_make(scope, &order, &message, 1, path, &outcome));
    CHECK_INT(outcome.result, CHANNEL_ACCEPTED);
    CHECK_STRING(read_all(scope, path),
                 "message,phone,name,language,reason,script,outcome,note\r\n"
                 "7,+4930123456,'=Ann Person,\"\",Renewal,\"Ask, \"\"when\"\"?\",,\r\n");
}

TEST(a_file_of_a_channel_is_there_whole_or_not_at_all) {
    const struct channel_order order = {0};
    const struct channel_message message = {.id = 7, .customer = 11};
    struct channel_outcome outcome = {.result = CHANNEL_ACCEPTED};

    test_store(scope);
    CHECK_CODE(
        call_list_channel_make(scope, &order, &message, 1, "/nonexistent/calls.csv", &outcome),
        UNAVAILABLE);
}
