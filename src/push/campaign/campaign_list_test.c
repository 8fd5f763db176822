// SPDX-License-Identifier: Apache-2.0
// Lists that ad platforms keep: a finished campaign is updated with who came and who has to go.
#include "push/campaign/campaign.h"

#include "analyze/segment/segment.h"
#include "base/test.h"
#include "base/time.h"
#include "govern/consent/purpose.h"
#include "push/audience/normalise.h"
#include "store/change.h"
#include "store/ledger.h"
#include "store/store.h"
#include "store/store_testing.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

// ---- people ----

// Customers from … to: an address and a consent each.
static void add_people(struct scope *scope, int from, int to) {
    CHECK_OK(ledger_begin(scope));
    for (int i = from; i <= to; i++)
        test_ledger_exec(
            scope, arena_printf(&scope->arena,
                                "INSERT INTO customer (id, import_id, created_at_us, country) "
                                "VALUES (%d, 0, 1, 'DE');"
                                "INSERT INTO identifier (id, kind, source, value, origin, "
                                "import_id, seen_at_us) VALUES (%d, 1, '', 'p%d@example.org', %d, "
                                "0, 1);"
                                "INSERT INTO consent (id, import_id, seen_import, source, "
                                "consent_key, identifier_id, origin, purpose, channel, state, "
                                "at_us, home) VALUES (%d, 0, 0, 'test', 'c%d', %d, %d, 'news', "
                                "'ads', 'granted', 1, %d)",
                                i, 100 + i, i, i, 200 + i, i, 100 + i, i, i));
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_CREATED, from, to));
    CHECK_OK(ledger_commit(scope));
}

static void move_to(struct scope *scope, int customer, const char *country) {
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(scope,
                     arena_printf(&scope->arena, "UPDATE customer SET country = '%s' WHERE id = %d",
                                  country, customer));
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, customer, customer));
    CHECK_OK(ledger_commit(scope));
}

static void say(struct scope *scope, int customer, const char *state, int64_t at_us) {
    test_ledger_exec(
        scope, arena_printf(&scope->arena,
                            "INSERT INTO consent (id, import_id, seen_import, source, consent_key, "
                            "identifier_id, origin, purpose, channel, state, at_us, home) VALUES "
                            "(%d, 0, 0, 'test', '%s %d', %d, %d, 'news', 'ads', '%s', %lld, %d)",
                            1000 * (int)at_us + customer, state, customer, 100 + customer, customer,
                            state, (long long)at_us, customer));
}

static void add_address(struct scope *scope, int customer, const char *address) {
    test_ledger_exec(scope,
                     arena_printf(&scope->arena,
                                  "INSERT INTO identifier (id, kind, source, value, origin, "
                                  "import_id, seen_at_us) VALUES (%d, 1, '', '%s', %d, 0, 1)",
                                  500 + customer, address, customer));
}

// ---- the campaign ----

static struct campaign plan(struct scope *scope, const char *channel, const char *arms) {
    struct campaign campaign = campaign_usual();
    struct json *document, *purpose, *tree;
    int64_t version;

    test_store(scope);
    scope->now_us = time_now_us();
    snprintf(scope->actor.name, sizeof(scope->actor.name), "anna");
    scope->actor.permissions = ~0u;
    CHECK_OK(json_parse(scope,
                        TEXT("{\"is_marketing\": true, \"channels\": {\"ads\": {\"basis\": "
                             "\"consent\", \"double_opt_in\": false}}, \"languages\": {\"en\": "
                             "{\"title\": \"News\", \"explanation\": \"e\", \"text\": \"t\"}}}"),
                        &purpose));
    CHECK_OK(json_parse(
        scope, TEXT("{\"attribute\": \"country\", \"operator\": \"is\", \"value\": \"DE\"}"),
        &tree));
    CHECK_OK(json_parse(scope,
                        text_printf(&scope->arena,
                                    "{\"name\": \"spring\", \"purpose\": \"news\", \"channel\": "
                                    "\"%s\", \"segment\": \"germans\", \"hold_out\": 0, "
                                    "\"arms\": [%s]}",
                                    channel, arms),
                        &document));
    CHECK_OK(campaign_read(scope, document, &campaign));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(purpose_save(scope, TEXT("news"), purpose, &version));
    CHECK_OK(segment_create(scope, TEXT("germans"), TEXT(""), tree));
    CHECK_OK(ledger_end(scope, campaign_create(scope, &campaign)));
    return campaign;
}

static code step(struct scope *scope, enum campaign_step step) {
    struct campaign campaign;

    TRY(campaign_find(scope, TEXT("spring"), &campaign));
    TRY(ledger_begin(scope));
    return ledger_end(scope, campaign_take_step(scope, &campaign, step));
}

static void run(struct scope *scope, const struct campaign *campaign) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    struct json *parameters;

    test_ledger_exec(scope, "UPDATE campaign SET job_id = 1");
    json_writer_init(&writer, &out);
    CHECK_OK(json_parse(
        scope, text_printf(&scope->arena, "{\"campaign\": \"%lld\"}", (long long)campaign->id),
        &parameters));
    CHECK_OK(campaign_run(scope, 1, parameters, &writer));
    CHECK_STRING(test_ledger_rows(scope, "SELECT state, problem FROM campaign"), "finished|");
}

static void run_first(struct scope *scope, const struct campaign *campaign) {
    CHECK_OK(step(scope, CAMPAIGN_SUBMIT));
    CHECK_OK(step(scope, CAMPAIGN_APPROVE));
    run(scope, campaign);
}

static void update(struct scope *scope, const struct campaign *campaign) {
    CHECK_OK(step(scope, CAMPAIGN_UPDATE));
    run(scope, campaign);
}

// ---- its files ----

static bool is_asked_for(struct text name, const char *ending) {
    const bool removes = text_ends_with(name, TEXT(".removed.csv"));

    return ending ? text_ends_with(name, text_of(ending))
                  : !removes && text_ends_with(name, TEXT(".csv"));
}

// What stands in the files that were made since, of this ending (NULL: those that add); they are
// taken away.
static const char *fetch(struct scope *scope, const char *ending) {
    CLEANUP(buffer_clear) struct buffer content = {0};
    const char *folder = arena_printf(&scope->arena, "%s/outbox", store_path(session_store(scope)));
    DIR *outbox = opendir(folder);
    const struct dirent *entry;
    char bytes[4096];

    CHECK(outbox != NULL);
    while ((entry = readdir(outbox))) {
        const char *path = arena_printf(&scope->arena, "%s/%s", folder, entry->d_name);
        FILE *file = is_asked_for(text_of(entry->d_name), ending) ? fopen(path, "re") : NULL;
        size_t size;

        if (!file)
            continue;
        while ((size = fread(bytes, 1, sizeof(bytes), file)) > 0)
            buffer_add(&content, bytes, size);
        fclose(file);
        CHECK_INT(unlink(path), 0);
    }
    closedir(outbox);
    return text_string(&scope->arena, buffer_text(&content));
}

static bool has(struct scope *scope, const char *file, const char *address) {
    const struct text hash =
        audience_normalise(&scope->arena, AUDIENCE_GOOGLE, AUDIENCE_EMAIL, text_of(address));

    return strstr(file, text_string(&scope->arena, hash)) != NULL;
}

// The customers from 1 to 9 whose first address is in it.
static const char *people_in(struct scope *scope, const char *file) {
    CLEANUP(buffer_clear) struct buffer people = {0};

    CHECK(strstr(file, "example") == NULL);
    for (int i = 1; i <= 9; i++)
        if (has(scope, file, arena_printf(&scope->arena, "p%d@example.org", i)))
            buffer_printf(&people, "%d", i);
    return text_string(&scope->arena, buffer_text(&people));
}

#define REMOVED ".google.removed.csv"

TEST(a_platforms_list_is_updated_with_who_came_and_who_has_to_go) {
    const struct campaign campaign =
        plan(scope, "audience", "{\"name\": \"A\", \"text\": \"google\"}");
    const char *removed, *added;

    add_people(scope, 1, 6);
    run_first(scope, &campaign);
    CHECK_STRING(people_in(scope, fetch(scope, NULL)), "123456");
    CHECK_STRING(fetch(scope, REMOVED), "");
    move_to(scope, 1, "FR"); // leaves the segment
    say(scope, 2, "withdrawn", 9);
    test_ledger_exec(scope, "INSERT INTO suppressed_identifier (identifier_id, channel, reason) "
                            "VALUES (103, 'email', 'complained')");
    test_ledger_exec(scope, "DELETE FROM consent WHERE origin = 4; DELETE FROM identifier "
                            "WHERE origin = 4; DELETE FROM customer WHERE id = 4");
    add_address(scope, 5, "another@example.org");
    add_people(scope, 7, 7);
    update(scope, &campaign);
    removed = fetch(scope, REMOVED);
    added = fetch(scope, NULL);
    CHECK_STRING(people_in(scope, removed), "12345");
    CHECK(text_starts_with(text_of(removed), TEXT("Email,Email,Email,Phone,")));
    CHECK(!has(scope, removed, "another@example.org"));
    CHECK_STRING(people_in(scope, added), "57");
    CHECK(has(scope, added, "another@example.org"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT customer FROM audience_member ORDER BY customer"),
                 "5\n6\n7");
    CHECK_STRING(test_ledger_rows(scope, "SELECT action, actor, object FROM audit WHERE action IN "
                                         "('audience.add', 'audience.remove', 'campaign.update') "
                                         "ORDER BY id"),
                 "audience.add|anna|campaign spring\ncampaign.update|anna|campaign spring\n"
                 "audience.remove|anna|campaign spring\naudience.add|anna|campaign spring");
    update(scope, &campaign);
    CHECK_STRING(fetch(scope, REMOVED), "");
    CHECK_STRING(fetch(scope, NULL), "");
}

TEST(who_comes_back_to_a_platforms_list_is_added_again) {
    const struct campaign campaign =
        plan(scope, "audience", "{\"name\": \"A\", \"text\": \"google\"}");

    add_people(scope, 1, 3);
    say(scope, 3, "withdrawn", 2);
    run_first(scope, &campaign);
    CHECK_STRING(people_in(scope, fetch(scope, NULL)), "12");
    move_to(scope, 1, "FR");
    update(scope, &campaign);
    CHECK_STRING(people_in(scope, fetch(scope, REMOVED)), "1");
    CHECK_STRING(fetch(scope, NULL), "");
    move_to(scope, 1, "DE");
    say(scope, 3, "granted", 3);
    update(scope, &campaign);
    CHECK_STRING(people_in(scope, fetch(scope, NULL)), "13");
    CHECK_STRING(fetch(scope, REMOVED), "");
    CHECK_STRING(test_ledger_rows(scope, "SELECT state, count(*) FROM message GROUP BY state"),
                 "accepted|3");
}

// Of two customers that became one, one stays: the line that both addresses make.
TEST(customers_that_became_one_leave_a_platforms_list_as_two_and_come_back_as_one) {
    const struct campaign campaign =
        plan(scope, "audience", "{\"name\": \"A\", \"text\": \"google\"}");
    const char *added;

    add_people(scope, 1, 2);
    run_first(scope, &campaign);
    fetch(scope, NULL);
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (2, 1); "
                            "DELETE FROM customer WHERE id = 2");
    CHECK_OK(change_record(scope, CHANGE_ALIAS, CHANGE_UPDATED, 2, 2));
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, 2, 2));
    CHECK_OK(ledger_commit(scope));
    update(scope, &campaign);
    CHECK_STRING(people_in(scope, fetch(scope, REMOVED)), "12");
    added = fetch(scope, NULL);
    CHECK_STRING(people_in(scope, added), "12");
    CHECK_STRING(test_ledger_rows(scope, "SELECT customer FROM audience_member"), "1");
    update(scope, &campaign);
    CHECK_STRING(fetch(scope, REMOVED), "");
    CHECK_STRING(fetch(scope, NULL), "");
}

TEST(two_platforms_of_a_campaign_have_files_of_their_own) {
    const struct campaign campaign = plan(scope, "audience",
                                          "{\"name\": \"A\", \"text\": \"google\"}, "
                                          "{\"name\": \"B\", \"text\": \"meta\"}");
    const char *added;

    add_people(scope, 1, 9);
    test_ledger_exec(scope, "UPDATE campaign SET key = 4711"); // the draw gives both arms some
    run_first(scope, &campaign);
    added = fetch(scope, NULL);
    CHECK(strstr(added, "Email,Email,Email,Phone,") != NULL);
    CHECK(strstr(added, "email,email,email,phone,") != NULL);
    CHECK_STRING(people_in(scope, added), "123456789");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM message m JOIN audience_member l "
                                         "ON l.customer = m.customer AND l.platform = m.arm "
                                         "WHERE m.state = 'accepted'"),
                 "9");
}

TEST(a_list_is_kept_encrypted_and_forgotten_when_its_campaign_is_stopped) {
    const struct campaign campaign =
        plan(scope, "audience", "{\"name\": \"A\", \"text\": \"google\"}");
    const char *kept;

    add_people(scope, 1, 2);
    run_first(scope, &campaign);
    kept = test_ledger_rows(scope, "SELECT line FROM audience_member");
    CHECK(kept[0] != '\0');
    CHECK(strstr(kept, ",") == NULL); // no line of a file
    CHECK_STRING(people_in(scope, kept), "");
    CHECK_OK(step(scope, CAMPAIGN_STOP));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM audience_member"), "0");
    CHECK_CODE(step(scope, CAMPAIGN_UPDATE), CONFLICT);
}

TEST(a_campaign_whose_receiver_keeps_no_list_is_not_updated) {
    const struct campaign campaign = plan(scope, "file", "{\"name\": \"A\", \"text\": \"hello\"}");

    add_people(scope, 1, 1);
    run_first(scope, &campaign);
    CHECK_CODE(step(scope, CAMPAIGN_UPDATE), CONFLICT);
    scope_forgive(scope);
    CHECK_CODE(step(scope, CAMPAIGN_STOP), CONFLICT);
}
