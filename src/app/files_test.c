// SPDX-License-Identifier: Apache-2.0
// Files over the API: sent to be imported, made to be fetched; and that no request reaches another
// file of the machine.
#include "app/tables.h"
#include "base/time.h"
#include "govern/access/access.h"
#include "govern/export/export.h"
#include "plug/upload/upload.h"
#include "store/ledger.h"
#include "store/shelf.h"
#include "store/store_testing.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_US INT64_C(86400000000)
static const struct text receipts = TEXT("receipt,date,sku,quantity,price,customer\n"
                                         "R1,2024-05-01,A,1,10.00,C1\n"
                                         "R2,2024-05-02,B,2,5.00,C2\n");

// ---- asking ----

struct asked {
    code outcome;
    struct text body;
    struct text disposition; // of Content-Disposition
    struct text content;     // of the file that is the answer
};

static struct text content_of(struct scope *scope, int fd) {
    char *content = arena_alloc(&scope->arena, 65536);
    const ssize_t size = fd >= 0 ? read(fd, content, 65536) : 0;

    return (struct text){.data = content, .size = size > 0 ? (size_t)size : 0};
}

static struct asked ask(struct scope *scope, struct request *request, const char *path,
                        const char *body) {
    CLEANUP(response_clear) struct response response;
    struct json *json = NULL;
    struct asked asked;

    scope_forgive(scope);
    request->path = text_of(path);
    if (body)
        CHECK_OK(json_parse(scope, text_of(body), &json));
    request->body = json;
    response_init(&response);
    asked = (struct asked){
        .outcome = router_handle(scope, routes, route_count, request, &response),
    };
    asked.body = text_copy(&scope->arena, buffer_text(&response.body));
    asked.content = content_of(scope, response.file);
    for (size_t i = 0; i < response.header_count; i++)
        if (strcmp(response.headers[i].name, "Content-Disposition") == 0)
            asked.disposition = text_copy(&scope->arena, response.headers[i].value);
    return asked;
}

static struct asked get(struct scope *scope, const char *path) {
    return ask(scope, &(struct request){.method = METHOD_GET}, path, NULL);
}

static struct asked post(struct scope *scope, const char *path, const char *body) {
    return ask(scope, &(struct request){.method = METHOD_POST}, path, body);
}

static const char *member(struct scope *scope, struct asked asked, const char *name) {
    struct json *json;

    if (asked.outcome != OK)
        test_fail(__FILE__, __LINE__, "%s", scope->failure.message);
    CHECK_OK(json_parse(scope, asked.body, &json));
    CHECK(json_member(json, name));
    return text_string(&scope->arena, json_scalar_text(&scope->arena, json_member(json, name)));
}

static bool exists(const char *path) {
    struct stat status;

    return lstat(path, &status) == 0;
}

// As the server does: received into the folder of uploads, and removed if it is still there.
static struct asked send_file(struct scope *scope, const char *name, struct text content) {
    const char *folder =
        arena_printf(&scope->arena, "%s/uploads", store_path(session_store(scope)));
    const char *given = test_file(scope, "received", content);
    const char *received = arena_printf(&scope->arena, "%s/received.part", folder);
    const struct request_parameter parameter = {TEXT("name"), text_of(name)};
    const struct request_file file = {.path = received, .bytes = (int64_t)content.size};
    struct request request = {
        .method = METHOD_POST, .parameters = &parameter, .parameter_count = 1, .file = &file};
    struct asked asked;

    mkdir(folder, 0700);
    CHECK(rename(given, received) == 0);
    asked = ask(scope, &request, "/api/v1/uploads", NULL);
    unlink(received);
    return asked;
}

static const char *upload_file(struct scope *scope, const char *name, struct text content) {
    return member(scope, send_file(scope, name, content), "upload");
}

static const char *import_body(struct scope *scope, const char *what, const char *file) {
    return arena_printf(&scope->arena,
                        "{\"%s\": \"%s\", \"kind\": \"sales\", \"mapping\": {\"kind\": \"sales\", "
                        "\"source\": \"main\", \"constants\": {\"currency\": \"EUR\"}}}",
                        what, file);
}

static void run_job(struct scope *scope, const char *job_id) {
    int64_t id = 0;

    CHECK(text_to_int64(text_of(job_id), &id));
    CHECK_OK(job_run(scope, job_kinds, job_kind_count, id));
}

static void as_marketer(struct scope *scope) {
    scope->actor.permissions = MAY_EVERYTHING & ~(uint32_t)MAY_NAME_PATHS;
}

static void open_as_marketer(struct scope *scope) {
    test_store(scope);
    snprintf(scope->actor.name, sizeof(scope->actor.name), "ada");
    as_marketer(scope);
}

// ---- files that are sent ----

TEST(a_file_that_was_sent_is_imported_under_the_name_that_its_sender_gave_it) {
    const char *handle;
    struct asked asked;

    open_as_marketer(scope);
    handle = upload_file(scope, "C:\\exports\\Kassenbons März.csv", receipts);
    CHECK(shelf_is_name(text_of(handle)));
    asked = post(scope, "/api/v1/imports/proposal", import_body(scope, "upload", handle));
    CHECK_OK(asked.outcome);
    asked = post(scope, "/api/v1/imports", import_body(scope, "upload", handle));
    run_job(scope, member(scope, asked, "job_id"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT file_name, state, accepted_count FROM import"),
                 "Kassenbons März.csv|done|2");
    asked = get(scope, "/api/v1/imports");
    CHECK(strstr(text_string(&scope->arena, asked.body), "\"Kassenbons März.csv\""));
    CHECK(!strstr(text_string(&scope->arena, asked.body), handle));
}

TEST(uploads_are_listed_and_removed_unless_an_import_still_needs_them) {
    const char *handle, *path, *job_id;
    struct asked asked;

    open_as_marketer(scope);
    handle = upload_file(scope, "a.csv", receipts);
    CHECK_OK(upload_path(scope, text_of(handle), &path));
    CHECK(exists(path));
    asked = get(scope, "/api/v1/uploads");
    CHECK(strstr(text_string(&scope->arena, asked.body), "\"a.csv\""));
    job_id = member(scope, post(scope, "/api/v1/imports", import_body(scope, "upload", handle)),
                    "job_id");
    asked = ask(scope, &(struct request){.method = METHOD_DELETE},
                arena_printf(&scope->arena, "/api/v1/uploads/%s", handle), NULL);
    CHECK_CODE(asked.outcome, CONFLICT);
    scope_forgive(scope);
    run_job(scope, job_id);
    asked = ask(scope, &(struct request){.method = METHOD_DELETE},
                arena_printf(&scope->arena, "/api/v1/uploads/%s", handle), NULL);
    CHECK_OK(asked.outcome);
    CHECK(!exists(path));
    asked = post(scope, "/api/v1/imports", import_body(scope, "upload", handle));
    CHECK_CODE(asked.outcome, NOT_FOUND);
    CHECK_STRING(scope->failure.field, "upload");
}

TEST(uploads_expire_with_their_files_and_what_a_crash_left_goes_with_them) {
    const char *old_path, *new_path, *left;

    open_as_marketer(scope);
    scope->now_us = time_now_us() - 8 * DAY_US;
    CHECK_OK(upload_path(scope, text_of(upload_file(scope, "old.csv", receipts)), &old_path));
    scope->now_us = time_now_us();
    CHECK_OK(upload_path(scope, text_of(upload_file(scope, "new.csv", receipts)), &new_path));
    CHECK(!exists(old_path));
    CHECK(exists(new_path));
    CHECK_OK(shelf_path(scope, SHELF_UPLOADS, shelf_new_name(scope), &left));
    CHECK(symlink(new_path, left) == 0);
    scope->now_us = time_now_us() + 8 * DAY_US;
    CHECK_OK(upload_expire(scope));
    CHECK(!exists(left));
    CHECK(!exists(new_path));
}

TEST(an_error_of_a_sent_file_speaks_of_it_by_its_name) {
    const char *handle;

    open_as_marketer(scope);
    handle = upload_file(scope, "empty.csv", TEXT(""));
    CHECK(post(scope, "/api/v1/imports/proposal", import_body(scope, "upload", handle)).outcome !=
          OK);
    CHECK(!strstr(scope->failure.message, handle));
}

// ---- other files of the machine ----

TEST(only_the_command_line_names_files_by_their_path) {
    const char *path;

    open_as_marketer(scope);
    path = test_file(scope, "receipts.csv", receipts);
    CHECK_CODE(post(scope, "/api/v1/imports", import_body(scope, "path", path)).outcome, FORBIDDEN);
    CHECK_STRING(scope->failure.field, "path");
    CHECK_CODE(post(scope, "/api/v1/imports/proposal", import_body(scope, "path", path)).outcome,
               FORBIDDEN);
    scope->actor.permissions = MAY_EVERYTHING;
    CHECK_OK(post(scope, "/api/v1/imports/proposal", import_body(scope, "path", path)).outcome);
}

TEST(no_handle_leads_out_of_the_folder_of_uploads) {
    static const char *const handles[] = {
        "",
        "..",
        "../ledger.db",
        "../../../../../../etc/passwd",
        "/etc/passwd",
        "%2e%2e%2fledger.db",
        "00000000000000000000000000000000",
        "0000000000000000000000000000000/",
        "00000000000000000000000000000000/../../ledger.db",
        "ABCDEFABCDEFABCDEFABCDEFABCDEFAB",
        "0123456789abcdef0123456789abcde\\u0000",
    };

    open_as_marketer(scope);
    upload_file(scope, "a.csv", receipts);
    for (size_t i = 0; i < sizeof(handles) / sizeof(*handles); i++) {
        const code outcome =
            post(scope, "/api/v1/imports/proposal", import_body(scope, "upload", handles[i]))
                .outcome;

        if (outcome != NOT_FOUND && outcome != INVALID)
            test_fail(__FILE__, __LINE__, "\"%s\" is %s", handles[i], code_info(outcome)->name);
    }
}

TEST(a_link_on_the_shelf_is_not_followed) {
    const char *path;
    struct text name;
    int fd;

    test_store(scope);
    name = shelf_new_name(scope);
    CHECK_OK(shelf_path(scope, SHELF_EXPORTS, name, &path));
    CHECK(symlink("/etc/passwd", path) == 0);
    CHECK_CODE(shelf_open(scope, SHELF_EXPORTS, name, &fd), NOT_FOUND);
}

// ---- files that are made ----

static void make_segment(struct scope *scope) {
    const char *handle = upload_file(scope, "receipts.csv", receipts);

    run_job(scope,
            member(scope, post(scope, "/api/v1/imports", import_body(scope, "upload", handle)),
                   "job_id"));
    CHECK_OK(post(scope, "/api/v1/segments",
                  "{\"name\": \"regulars\", \"definition\": {\"all\": [{\"sales\": \"count\", "
                  "\"operator\": \">=\", \"value\": 1}]}}")
                 .outcome);
}

TEST(an_export_is_kept_listed_and_fetched_as_a_download) {
    const char *id;
    struct asked asked;
    struct json *json;

    open_as_marketer(scope);
    make_segment(scope);
    asked = post(scope, "/api/v1/segments/regulars/export", "{\"format\": \"csv\"}");
    CHECK_OK(asked.outcome);
    CHECK_OK(json_parse(scope, asked.body, &json));
    CHECK_INT(json_member(json_member(json, "file"), "row_count")->int64, 2);
    id = text_string(&scope->arena, json_member(json_member(json, "file"), "id")->string);
    asked = get(scope, "/api/v1/exports");
    CHECK(strstr(text_string(&scope->arena, asked.body), "\"segment regulars\""));
    CHECK(strstr(text_string(&scope->arena, asked.body), "\"ada\""));
    asked = get(scope, arena_printf(&scope->arena, "/api/v1/exports/%s", id));
    CHECK_OK(asked.outcome);
    CHECK(text_starts_with(asked.content, TEXT("customer,number,name,country")));
    CHECK(text_starts_with(asked.disposition, TEXT("attachment; filename=\"regulars-")));
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT action, object FROM audit WHERE action LIKE "
                                "'%export%' ORDER BY id"),
        arena_printf(&scope->arena, "segment.export|segment regulars\nexport.fetch|export %s", id));
}

TEST(an_export_expires_and_only_the_command_line_names_its_path) {
    const char *id;
    struct asked asked;
    struct json *json;

    open_as_marketer(scope);
    make_segment(scope);
    CHECK_CODE(post(scope, "/api/v1/segments/regulars/export",
                    arena_printf(&scope->arena, "{\"path\": \"%s/out.csv\"}", test_folder(scope)))
                   .outcome,
               FORBIDDEN);
    CHECK(!exists(arena_printf(&scope->arena, "%s/out.csv", test_folder(scope))));
    scope_forgive(scope);
    CHECK_OK(json_parse(scope, post(scope, "/api/v1/segments/regulars/export", NULL).body, &json));
    id = text_string(&scope->arena, json_member(json_member(json, "file"), "id")->string);
    scope->now_us = time_now_us() + 31 * DAY_US;
    asked = get(scope, arena_printf(&scope->arena, "/api/v1/exports/%s", id));
    CHECK_CODE(asked.outcome, NOT_FOUND);
    scope_forgive(scope);
    CHECK_OK(export_expire(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM export"), "0");
}

TEST(a_list_of_files_shows_none_that_has_expired_and_changes_nothing) {
    const char *path;
    struct asked asked;

    open_as_marketer(scope);
    make_segment(scope);
    CHECK_OK(post(scope, "/api/v1/segments/regulars/export", NULL).outcome);
    CHECK_OK(upload_path(scope, text_of(upload_file(scope, "old.csv", receipts)), &path));
    scope->now_us = time_now_us() + 31 * DAY_US;
    asked = get(scope, "/api/v1/uploads");
    CHECK_STRING(member(scope, asked, "row_count"), "0");
    asked = get(scope, "/api/v1/exports");
    CHECK_STRING(member(scope, asked, "row_count"), "0");
    CHECK(exists(path));
    CHECK_STRING(test_ledger_rows(scope, "SELECT (SELECT count(*) FROM upload), "
                                         "(SELECT count(*) FROM export)"),
                 "2|1"); // the segment is of a file that was sent
}

// ---- answers in SQL ----

TEST(an_answer_in_sql_is_a_download_of_which_nothing_stays) {
    struct asked asked;

    open_as_marketer(scope);
    scope->actor.permissions = MAY_EXPORT;
    CHECK_CODE(post(scope, "/api/v1/sql/file", "{\"query\": \"SELECT 1 AS n\"}").outcome,
               FORBIDDEN);
    scope->actor.permissions = MAY_QUERY_SQL;
    asked =
        post(scope, "/api/v1/sql/file",
             "{\"query\": \"SELECT n, '=' || n AS t, n / 2.0 AS half FROM generate_series(1, 2) s "
             "(n) ORDER BY n\"}");
    CHECK_OK(asked.outcome);
    CHECK(text_starts_with(asked.disposition, TEXT("attachment; filename=\"query.csv\"")));
    CHECK(text_starts_with(asked.content, TEXT("n,t,half\r\n1,'=1,0.5")));
    asked = post(scope, "/api/v1/sql/file",
                 "{\"query\": \"SELECT true AS yes, NULL AS no\", \"format\": \"jsonl\"}");
    CHECK_TEXT(asked.content, "{\"yes\":true,\"no\":null}\n");
    asked =
        post(scope, "/api/v1/sql/file", "{\"query\": \"SELECT 1 AS n\", \"format\": \"parquet\"}");
    CHECK(text_starts_with(asked.disposition, TEXT("attachment; filename=\"query.parquet\"")));
    CHECK(text_starts_with(asked.content, TEXT("PAR1")));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM export"), "0");
    CHECK_STRING(test_ledger_rows(scope,
                                  "SELECT action, details FROM audit WHERE action = 'sql.export' "
                                  "ORDER BY id LIMIT 1"),
                 "sql.export|{\"count\":2,\"format\":\"csv\",\"columns\":[\"n\",\"t\",\"half\"]}");
}

TEST(only_the_command_line_says_where_an_answer_in_sql_is_written) {
    const char *path;
    struct asked asked;

    open_as_marketer(scope);
    path = arena_printf(&scope->arena, "%s/answer.csv", test_folder(scope));
    scope->actor.permissions = MAY_QUERY_SQL;
    asked =
        post(scope, "/api/v1/sql/file",
             arena_printf(&scope->arena, "{\"query\": \"SELECT 1 AS n\", \"path\": \"%s\"}", path));
    CHECK_CODE(asked.outcome, FORBIDDEN);
    CHECK(access(path, F_OK) != 0);
    CHECK_CODE(post(scope, "/api/v1/sql/file", "{\"query\": \"DROP TABLE sale\"}").outcome,
               INVALID);
    scope->actor.permissions = MAY_EVERYTHING;
    asked =
        post(scope, "/api/v1/sql/file",
             arena_printf(&scope->arena, "{\"query\": \"SELECT 1 AS n\", \"path\": \"%s\"}", path));
    CHECK_TEXT(asked.body, arena_printf(&scope->arena, "{\"file\":\"%s\",\"rows\":1}", path));
    CHECK(access(path, F_OK) == 0);
}
