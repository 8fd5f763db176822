// SPDX-License-Identifier: Apache-2.0
// The outbox over the API: a campaign's own files are listed and fetched, no other name leads
// anywhere.
#include "push/campaign/campaign_http.h"

#include "base/test.h"
#include "govern/access/access.h"
#include "store/ledger.h"
#include "store/store.h"
#include "store/store_testing.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *path_of(struct scope *scope, const char *name) {
    return arena_printf(&scope->arena, "%s/outbox/%s", store_path(session_store(scope)), name);
}

static void put(struct scope *scope, const char *name) {
    FILE *file = fopen(path_of(scope, name), "we");

    CHECK(file != NULL);
    CHECK(fputs("words", file) >= 0);
    CHECK_INT(fclose(file), 0);
}

static void campaign_with_files(struct scope *scope) {
    static const char *const names[] = {"7.jsonl",   "7-2a.pdf", "7-2a.pdf.part",        "70.csv",
                                        "7-2a..pdf", "17.csv",   "7-2b.meta.removed.csv"};

    test_store(scope);
    scope->actor.permissions = MAY_EVERYTHING;
    test_ledger_exec(
        scope, "INSERT INTO campaign (id, name, description, purpose, channel, segment, state, "
               "hold_out_bp, key, window_days, test_bp, winner_by, winner_after_minutes, actor, "
               "created_at_us, changed_at_us) VALUES (7, 'spring', '', 'news', 3, 'all', "
               "'finished', 0, 1, 30, 10000, 'clicks', 60, 'anna', 1, 1)");
    CHECK(mkdir(path_of(scope, ""), 0700) == 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        put(scope, names[i]);
    CHECK_INT(symlink("17.csv", path_of(scope, "7-3b.csv")), 0);
}

// What is answered as text: of a file what is in it.
static code ask(struct scope *scope, handler handle, const char *file, const char **ret_answer) {
    const struct request_parameter parameters[] = {{TEXT("name"), TEXT("spring")},
                                                   {TEXT("file"), text_of(file)}};
    const struct request request = {
        .parameters = parameters, .parameter_count = 2, .path_parameter_count = 2};
    CLEANUP(response_clear) struct response response;
    char content[64] = "";
    code result;

    scope_forgive(scope);
    response_init(&response);
    result = handle(scope, &request, &response);
    if (response.file >= 0)
        CHECK(read(response.file, content, sizeof(content) - 1) > 0);
    *ret_answer = response.file >= 0 ? arena_printf(&scope->arena, "%s", content)
                                     : text_string(&scope->arena, buffer_text(&response.body));
    return result;
}

TEST(the_files_of_a_campaign_are_its_own_whole_ones) {
    const char *answer;

    campaign_with_files(scope);
    CHECK_OK(ask(scope, campaign_http_files, "", &answer));
    CHECK(strstr(answer, "[\"7-2a.pdf\",5,") != NULL);
    CHECK(strstr(answer, "[\"7-2b.meta.removed.csv\",5,") != NULL);
    CHECK(strstr(answer, "[\"7.jsonl\",5,") != NULL);
    CHECK(strstr(answer, ".part") == NULL);
    CHECK(strstr(answer, "70.csv") == NULL);
    CHECK(strstr(answer, "3b") == NULL);
}

TEST(a_campaigns_file_is_fetched_and_noted_and_no_name_leads_elsewhere) {
    static const char *const others[] = {
        "70.csv", "17.csv", "7-2a.pdf.part", "7-3b.csv",    "7-9.csv", "7-2a..pdf",
        "7",      "7-",     "7/../17.csv",   "7-../17.csv", ""};
    const char *answer;

    campaign_with_files(scope);
    CHECK_OK(ask(scope, campaign_http_file, "7-2a.pdf", &answer));
    CHECK_STRING(answer, "words");
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        CHECK_CODE(ask(scope, campaign_http_file, others[i], &answer), NOT_FOUND);
    CHECK_STRING(test_ledger_rows(scope, "SELECT action, object FROM audit"),
                 "campaign.fetch|spring");
}
