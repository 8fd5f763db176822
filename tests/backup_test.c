// SPDX-License-Identifier: Apache-2.0
// Backups made and restored, also while somebody writes.
#include "govern/access/seal.h"
#include "govern/audit/audit.h"
#include "govern/backup/backup.h"
#include "plug/import/import_testing.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct job_kind kinds[] = {{"backup", backup_run, JOB_LIGHT},
                                        {"import", import_run, JOB_HEAVY}};

static const char *write_receipts(struct scope *scope, int count) {
    CLEANUP(buffer_clear) struct buffer content = {0};

    buffer_add_string(&content, "receipt,sold_at,product,quantity,unit_price,customer,store\n");
    for (int i = 0; i < count; i++)
        for (int line = 0; line <= i % 3; line++)
            buffer_printf(&content, "%d,2024-03-%02d,P%d,%d,%d.%02d,C%d,S%d\n", i, 1 + i % 28,
                          i % 40, 1 + line, i % 90, i % 100, i % 400, i % 5);
    return test_file(scope, "receipts.csv", buffer_text(&content));
}

// A backup of the store under that name, as the job makes it.
static const char *back_up(struct scope *scope, const char *name) {
    const char *path = arena_printf(&scope->arena, "%s/%s", test_folder(scope), name);
    const struct backup_request request = {.path = text_of(path), .has_files = true};
    int64_t job_id;

    CHECK_OK(backup_start(scope, &request, &job_id));
    CHECK_OK(job_run(scope, kinds, 2, job_id));
    return path;
}

static code restore(struct scope *scope, const char *path, const char *name,
                    struct restore_summary *ret_summary) {
    struct session *session = scope->session;
    code result;

    scope->session = NULL;
    result = backup_restore(
        scope, path, arena_printf(&scope->arena, "%s/%s", test_folder(scope), name), ret_summary);
    scope->session = session;
    return result;
}

static const char *total(struct scope *scope, const struct json *manifest, const char *name) {
    const struct json *value = json_member(json_member(manifest, "totals"), name);

    return value ? text_string(&scope->arena, value->string) : "nothing";
}

TEST(a_backup_restores_to_the_same_totals) {
    const char *receipts = write_receipts(scope, 3000);
    struct restore_summary summary;
    const char *path;

    test_store(scope);
    test_import_file(scope, receipts, IMPORT_SALES, NULL);
    CHECK_OK(audit_append(scope, "test.done", TEXT("x"), TEXT("{}")));
    path = back_up(scope, "a.tar.gz");
    CHECK_STRING(test_ledger_rows(scope, "SELECT action FROM audit ORDER BY id DESC LIMIT 1"),
                 "backup.create");
    CHECK_OK(restore(scope, path, "restored", &summary));
    CHECK(summary.compared_count > 25);
    CHECK_STRING(total(scope, summary.manifest, "rows sale"), "3000");
    CHECK_STRING(total(scope, summary.manifest, "rows sale_line"),
                 test_ledger_rows(scope, "SELECT count(*) FROM sale_line"));
    CHECK_STRING(total(scope, summary.manifest, "sum sale.gross_micros"),
                 test_ledger_rows(scope, "SELECT sum(gross_micros) FROM sale"));
}

TEST(a_restored_store_remembers_that_it_was_restored_and_its_files) {
    struct restore_summary summary;
    const char *path, *folder;
    struct store *restored;

    test_store(scope);
    folder = store_path(session_store(scope));
    {
        FILE *file = fopen(arena_printf(&scope->arena, "%s/exports/list.csv", folder), "w");

        CHECK(file && fputs("a,b\r\n", file) >= 0 && fclose(file) == 0);
    }
    path = back_up(scope, "a.tar.gz");
    CHECK_OK(restore(scope, path, "restored", &summary));
    test_store_close(scope);
    folder = arena_printf(&scope->arena, "%s/restored", test_folder(scope));
    CHECK(access(arena_printf(&scope->arena, "%s/exports/list.csv", folder), R_OK) == 0);
    CHECK(access(arena_printf(&scope->arena, "%s/restoring", folder), F_OK) != 0);
    CHECK_OK(store_open(scope, folder, STORE_READ_WRITE, &restored));
    CHECK_OK(session_open(scope, restored));
    CHECK_STRING(test_ledger_rows(scope, "SELECT action, object FROM audit ORDER BY id"),
                 "store.restore|a.tar.gz");
    session_close(scope);
    store_close(restored);
}

TEST(a_restored_store_knows_its_second_factors_and_nobody_is_signed_in) {
    struct restore_summary summary;
    struct text sealed, secret;
    struct store *restored;
    const char *path;

    test_store(scope);
    CHECK_OK(seal(scope, TEXT("twenty secret bytes!"), &sealed));
    test_ledger_exec(scope, "INSERT INTO account_session VALUES (1, 'x', 1, 1, 1, '', '');"
                            "INSERT INTO account_invitation VALUES (1, 'x', 1, 1)");
    path = back_up(scope, "a.tar.gz");
    CHECK_OK(restore(scope, path, "restored", &summary));
    test_store_close(scope);
    CHECK_OK(store_open(scope, arena_printf(&scope->arena, "%s/restored", test_folder(scope)),
                        STORE_READ_WRITE, &restored));
    CHECK_OK(session_open(scope, restored));
    CHECK_OK(unseal(scope, sealed, &secret));
    CHECK_TEXT(secret, "twenty secret bytes!");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM account_session UNION ALL "
                                         "SELECT count(*) FROM account_invitation"),
                 "0\n0");
    session_close(scope);
    store_close(restored);
}

TEST(a_backup_goes_into_no_folder_that_holds_something_and_over_no_file) {
    struct restore_summary summary;
    struct backup_request request;
    const char *path;
    int64_t job_id;

    test_store(scope);
    path = back_up(scope, "a.tar.gz");
    request = (struct backup_request){.path = text_of(path)};
    CHECK_CODE(backup_start(scope, &request, &job_id), CONFLICT);
    scope_forgive(scope);
    request = (struct backup_request){0};
    CHECK_CODE(backup_start(scope, &request, &job_id), INVALID); // no folder is configured
    scope_forgive(scope);
    CHECK_CODE(restore(scope, path, ".", &summary), CONFLICT);
    CHECK(strstr(scope->failure.message, "is not empty"));
}

TEST(a_damaged_backup_is_restored_nowhere) {
    struct restore_summary summary;
    const char *path;
    int fd;

    test_store(scope);
    path = back_up(scope, "a.tar.gz");
    fd = open(path, O_RDWR | O_CLOEXEC);
    CHECK(fd >= 0 && pwrite(fd, "\xff", 1, 5000) == 1);
    close(fd);
    CHECK_CODE(restore(scope, path, "restored", &summary), CONFLICT);
    CHECK(strstr(scope->failure.message, "the backup is damaged"));
    CHECK(strstr(scope->failure.detail, ", near byte "));
    CHECK(access(arena_printf(&scope->arena, "%s/restored", test_folder(scope)), F_OK) != 0);
}

// ---- while somebody writes ----

_Noreturn static void import_until_done(struct test_place place, int64_t job_id) {
    struct scope scope;
    struct store *store;

    scope_init(&scope);
    if (test_store_open(&scope, place, STORE_READ_WRITE, &store) != OK ||
        session_open(&scope, store) != OK)
        _exit(1);
    _exit(job_run(&scope, kinds, 2, job_id) == OK ? 0 : 2);
}

static bool has_ended(pid_t child) {
    int status;
    const pid_t ended = waitpid(child, &status, WNOHANG);

    if (ended == child)
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return ended == child;
}

static int64_t number(struct scope *scope, const struct json *manifest, const char *name) {
    int64_t value = -1;

    CHECK(text_to_int64(text_of(total(scope, manifest, name)), &value));
    return value;
}

// What holds between any two batches of an import, and at no other time.
static void check_consistent(struct scope *scope, const struct json *manifest) {
    CHECK_INT(number(scope, manifest, "sum sale.line_count"),
              number(scope, manifest, "rows sale_line"));
    CHECK_INT(number(scope, manifest, "sum sale.gross_micros"),
              number(scope, manifest, "sum sale_line.gross_micros"));
}

TEST(backups_made_while_an_import_writes_are_each_of_one_instant) {
    const char *receipts = write_receipts(scope, 60000);
    struct restore_summary summary;
    const char *path = NULL;
    struct test_place place;
    struct import_file file;
    struct mapping mapping;
    struct store *store;
    int64_t job_id, sales = -1;
    int count = 0, grew = 0;
    pid_t child;

    test_store(scope);
    place = test_store_place(scope);
    CHECK_OK(mapping_propose(scope, receipts, IMPORT_SALES, NULL, &mapping));
    CHECK_OK(import_file_at(scope, text_of(receipts), &file));
    CHECK_OK(import_start(scope, &file, &mapping, false, &job_id));
    test_store_close(scope);
    child = test_fork();
    if (child == 0)
        import_until_done(place, job_id);
    CHECK_OK(test_store_open(scope, place, STORE_LEDGER_ONLY, &store));
    CHECK_OK(session_open(scope, store));
    do {
        const struct json *manifest = NULL;

        path = back_up(scope, arena_printf(&scope->arena, "during-%d.tar.gz", count++));
        CHECK_OK(backup_verify(scope, path, &manifest));
        check_consistent(scope, manifest);
        grew += number(scope, manifest, "rows sale") > sales;
        sales = number(scope, manifest, "rows sale");
    } while (!has_ended(child));
    CHECK(grew > 1);
    session_close(scope);
    store_close(store);
    CHECK_OK(restore(scope, path, "restored", &summary));
    check_consistent(scope, summary.manifest);
}
