// SPDX-License-Identifier: Apache-2.0
#include "govern/operation/doctor.h"

#include "base/config.h"
#include "base/time.h"
#include "doctor_sql.h"
#include "govern/audit/audit.h"
#include "govern/backup/backup.h"
#include "govern/operation/pulse.h"
#include "store/health.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/migration.h"
#include "store/shelf.h"
#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unicode/uvernum.h>
#include <unistd.h>
#include <zlib.h>

enum { MB_FAIL = 100, MB_WARN = 1000, BYTES_PER_MB = 1000000, CLOCK_SLACK_S = 60 };

const char *doctor_state_name(enum doctor_state state) {
    static const char *const names[] = {[DOCTOR_OK] = "ok",
                                        [DOCTOR_SKIPPED] = "skipped",
                                        [DOCTOR_WARN] = "warn",
                                        [DOCTOR_FAIL] = "fail"};

    return names[state];
}

static void find(struct doctor_check *check, enum doctor_state state, struct text finding,
                 const char *advice) {
    check->state = state;
    check->finding = finding;
    check->advice = text_of(advice);
}

// ---- the folder ----

static code check_folder(struct scope *scope, struct doctor_check *check) {
    const char *path = store_path(session_store(scope));
    struct stat status;

    if (stat(path, &status) != 0)
        return scope_fail(scope, UNAVAILABLE, "cannot look at %s: %s", path, strerror(errno));
    if ((status.st_mode & 0077) != 0)
        find(check, DOCTOR_WARN,
             text_printf(&scope->arena, "%s can be entered by others (mode %04o)", path,
                         (unsigned)status.st_mode & 07777u),
             "chmod 700 that folder");
    else if (status.st_uid != geteuid())
        find(check, DOCTOR_WARN,
             text_printf(&scope->arena, "%s belongs to user %u, this is user %u", path,
                         (unsigned)status.st_uid, (unsigned)geteuid()),
             "run tessera as the user that the server runs as");
    else if (access(path, R_OK | W_OK | X_OK) != 0)
        find(check, DOCTOR_FAIL, text_printf(&scope->arena, "%s cannot be written", path),
             "give that folder to the user that the server runs as");
    else
        find(check, DOCTOR_OK, text_printf(&scope->arena, "%s is its owner's alone", path), NULL);
    return OK;
}

static code check_space(struct scope *scope, struct doctor_check *check) {
    const char *path = store_path(session_store(scope));
    struct statvfs status;
    uint64_t free_mb;
    struct text finding;

    if (statvfs(path, &status) != 0)
        return scope_fail(scope, UNAVAILABLE, "cannot ask for the room in %s: %s", path,
                          strerror(errno));
    free_mb = (uint64_t)status.f_bavail * status.f_frsize / BYTES_PER_MB;
    finding = text_printf(&scope->arena, "%" PRIu64 " MB free", free_mb);
    if (free_mb < MB_WARN)
        find(check, free_mb < MB_FAIL ? DOCTOR_FAIL : DOCTOR_WARN, finding,
             "make room on the disk before the next import");
    else
        find(check, DOCTOR_OK, finding, NULL);
    return OK;
}

// ---- the ledger ----

static code check_ledger(struct scope *scope, struct doctor_check *check) {
    struct text problem;

    TRY(health_check_ledger(scope, &problem));
    if (problem.size > 0)
        find(check, DOCTOR_FAIL, problem,
             "stop using the store and restore ledger.db from a backup");
    else
        find(check, DOCTOR_OK, TEXT("all pages hold together"), NULL);
    return OK;
}

static code check_schema(struct scope *scope, struct doctor_check *check) {
    int64_t version;
    struct text finding;

    TRY(health_schema_version(scope, &version));
    finding = text_printf(&scope->arena, "version %" PRId64 " of %zu", version, migration_count);
    find(check, version == (int64_t)migration_count ? DOCTOR_OK : DOCTOR_FAIL, finding,
         version == (int64_t)migration_count
             ? NULL
             : "use the version of the program that made the store");
    return OK;
}

static code check_audit(struct scope *scope, struct doctor_check *check) {
    int64_t count = 0;

    if (audit_verify(scope, &count) == CONFLICT) {
        find(check, DOCTOR_FAIL, text_printf(&scope->arena, "%s", scope->failure.message),
             "find out who wrote to ledger.db without this program");
        scope_forgive(scope);
        return OK;
    }
    find(check, DOCTOR_OK, text_printf(&scope->arena, "%" PRId64 " records, chain intact", count),
         NULL);
    return scope->failure.code;
}

static code check_jobs(struct scope *scope, struct doctor_check *check) {
    int64_t count;

    TRY(ledger_int64(scope, sql_doctor_jobs_unfinished, NO_BINDS, 0, &count));
    if (count > 0)
        find(check, DOCTOR_WARN, text_printf(&scope->arena, "%" PRId64 " interrupted", count),
             "tessera job list names them, tessera job resume ID takes one up");
    else
        find(check, DOCTOR_OK, TEXT("none interrupted"), NULL);
    return OK;
}

static code check_quarantine(struct scope *scope, struct doctor_check *check) {
    int64_t count;

    TRY(ledger_int64(scope, sql_doctor_rows_waiting, NO_BINDS, 0, &count));
    if (count > 0)
        find(check, DOCTOR_WARN,
             text_printf(&scope->arena, "%" PRId64 " rows wait in quarantine", count),
             "look at them with tessera quarantine");
    else
        find(check, DOCTOR_OK, TEXT("no rows wait in quarantine"), NULL);
    return OK;
}

static code check_uploads(struct scope *scope, struct doctor_check *check) {
    int64_t count;

    // A day more than they are kept: they are looked for now and then, not at once.
    TRY(ledger_int64(scope, sql_doctor_uploads_before,
                     BINDS(BIND_INT64(shelf_oldest_us(scope, SHELF_UPLOADS) - US_PER_DAY)), 0,
                     &count));
    if (count > 0)
        find(check, DOCTOR_WARN,
             text_printf(&scope->arena, "%" PRId64 " uploaded files have expired", count),
             "a waiting job may need them; otherwise starting the server again removes them");
    else
        find(check, DOCTOR_OK, TEXT("none has expired"), NULL);
    return OK;
}

static code check_clock(struct scope *scope, struct doctor_check *check) {
    const int64_t now_us = time_now_us();
    int64_t latest_us;

    TRY(ledger_int64(scope, sql_doctor_latest, NO_BINDS, 0, &latest_us));
    if (latest_us > now_us + CLOCK_SLACK_S * US_PER_SECOND)
        find(check, DOCTOR_WARN,
             text_printf(&scope->arena, "the ledger has seen a time %" PRId64 " s from now",
                         (latest_us - now_us) / US_PER_SECOND),
             "set the clock of this machine, by NTP for example");
    else
        find(check, DOCTOR_OK, TEXT("not behind what the ledger has seen"), NULL);
    return OK;
}

// ---- how it runs ----

static code check_configuration(struct scope *scope, struct doctor_check *check) {
    const struct config *config = store_config(session_store(scope));
    const char *unknown = config_unknown_variable(scope, (const char *const *)environ);
    struct text key;

    TRY(config_check_server(scope, config));
    if (config->tls_certificate[0] != '\0') {
        TRY(config_read_secret(scope, "tls_key", config->tls_key, &key));
        if (access(config->tls_certificate, R_OK) != 0)
            return scope_fail(scope, UNAVAILABLE, "cannot read %s: %s", config->tls_certificate,
                              strerror(errno));
    }
    if (unknown)
        find(check, DOCTOR_WARN,
             text_printf(&scope->arena, "%s in the environment names no option", unknown),
             "tessera config lists them");
    else
        find(check, DOCTOR_OK,
             text_printf(&scope->arena, "%s",
                         config->file[0] != '\0' ? config->file : "no file, defaults"),
             NULL);
    return OK;
}

static code check_sources(struct scope *scope, struct doctor_check *check) {
    CLEANUP(buffer_clear) struct buffer silent = {0};
    struct pulse *pulses;
    size_t count;

    TRY(pulse_read(scope, &pulses, &count));
    for (size_t i = 0; i < count; i++)
        if (text_is(text_of(pulses[i].state), "silent"))
            buffer_printf(&silent, "%s%.*s for %" PRId64 " minutes", silent.size > 0 ? ", " : "",
                          TEXT_ARG(pulses[i].name),
                          (scope->now_us - pulses[i].since_us) / US_PER_SECOND / 60);
    if (silent.size > 0)
        find(check, DOCTOR_WARN,
             text_printf(&scope->arena, "silent: %.*s", TEXT_ARG(buffer_text(&silent))),
             "does it still send? tessera source list");
    else
        find(check, DOCTOR_OK, text_printf(&scope->arena, "%zu, none silent", count), NULL);
    return OK;
}

static code check_backups(struct scope *scope, struct doctor_check *check) {
    const struct config *config = store_config(session_store(scope));
    struct backup_file *files;
    int64_t age_s;
    size_t count;

    if (config->backups[0] == '\0') {
        find(check, DOCTOR_SKIPPED, TEXT("no folder is configured"),
             "set backups in the configuration and run tessera backup every night");
        return OK;
    }
    TRY(backup_list(scope, &files, &count));
    if (count == 0) {
        find(check, DOCTOR_WARN, text_printf(&scope->arena, "none in %s", config->backups),
             "tessera backup makes one");
        return OK;
    }
    age_s = (time_now_us() - files[0].written_at_us) / US_PER_SECOND;
    find(check, age_s > config->backup_age_s ? DOCTOR_WARN : DOCTOR_OK,
         text_printf(&scope->arena, "%zu, the newest %" PRId64 " hours old", count, age_s / 3600),
         age_s > config->backup_age_s ? "tessera backup makes a new one; does its timer run?"
                                      : NULL);
    return OK;
}

// ---- the lake ----

static code check_watermark(struct scope *scope, struct doctor_check *check) {
    int64_t watermark, behind;

    TRY(lake_refresh(scope));
    TRY(lake_watermark(scope, &watermark));
    TRY(ledger_int64(scope, sql_doctor_changes_behind, BINDS(BIND_INT64(watermark)), 0, &behind));
    if (behind > 0)
        find(check, DOCTOR_FAIL, text_printf(&scope->arena, "%" PRId64 " changes behind", behind),
             "delete lake.db while nothing runs: it is built again from the ledger");
    else
        find(check, DOCTOR_OK, TEXT("up to the ledger's last change"), NULL);
    return OK;
}

struct totals {
    int64_t count, gross_micros;
};

static code read_totals(struct rows *rows, struct totals *ret_totals) {
    if (rows_next(rows))
        *ret_totals =
            (struct totals){.count = rows_int64(rows, 0), .gross_micros = rows_int64(rows, 1)};
    return rows_end(rows);
}

static code ledger_totals(struct scope *scope, const char *sql, struct totals *ret_totals) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql, NO_BINDS, &rows));
    return read_totals(rows, ret_totals);
}

static code lake_totals(struct scope *scope, const char *sql, struct totals *ret_totals) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(lake_query(scope, sql, NO_BINDS, &rows));
    return read_totals(rows, ret_totals);
}

static code check_totals(struct scope *scope, struct doctor_check *check) {
    static const struct {
        const char *name;
        const char *in_ledger, *in_lake;
    } tables[] = {
        {"sale", sql_doctor_sales, sql_doctor_sales},
        {"sale_line", sql_doctor_sale_lines, sql_doctor_sale_lines},
        {"event", sql_doctor_events, sql_doctor_events},
        {"consent", sql_doctor_consents, sql_doctor_consents},
        {"product", sql_doctor_products, sql_doctor_products},
        {"customer", sql_doctor_customers_in_ledger, sql_doctor_customers_in_lake},
    };
    int64_t row_count = 0;

    TRY(lake_refresh(scope));
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
        struct totals ledger = {0}, lake = {0};

        TRY(ledger_totals(scope, tables[i].in_ledger, &ledger));
        TRY(lake_totals(scope, tables[i].in_lake, &lake));
        row_count += ledger.count;
        if (ledger.count == lake.count && ledger.gross_micros == lake.gross_micros)
            continue;
        find(check, DOCTOR_FAIL,
             text_printf(&scope->arena,
                         "%s: %" PRId64 " rows in the ledger, %" PRId64
                         " in the lake; their gross differs by %" PRId64 " millionths",
                         tables[i].name, ledger.count, lake.count,
                         ledger.gross_micros - lake.gross_micros),
             "delete lake.db while nothing runs: it is built again from the ledger");
        return OK;
    }
    find(check, DOCTOR_OK,
         text_printf(&scope->arena, "the ledger's %" PRId64 " rows, to the millionth", row_count),
         NULL);
    return OK;
}

// ---- versions ----

static code check_versions(struct scope *scope, struct doctor_check *check) {
    struct text ledger = {0}, lake = TEXT("");

    TRY(health_ledger_version(scope, &ledger));
    if (store_owns_lake(session_store(scope)))
        TRY(health_lake_version(scope, &lake));
    find(check, DOCTOR_OK,
         text_printf(&scope->arena, "tessera %s, %.*s, %.*s%sICU %s, libsodium %s, zlib %s",
                     TESSERA_VERSION, TEXT_ARG(ledger), TEXT_ARG(lake), lake.size > 0 ? ", " : "",
                     U_ICU_VERSION, sodium_version_string(), zlibVersion()),
         NULL);
    return OK;
}

// ---- all of them ----

// To add one: its function above, a row here.
static const struct {
    const char *name;
    code (*run)(struct scope *scope, struct doctor_check *check);
    bool asks_lake;
} examinations[] = {
    {"configuration", check_configuration, false},
    {"folder", check_folder, false},
    {"disk space", check_space, false},
    {"clock", check_clock, false},
    {"backups", check_backups, false},
    {"ledger", check_ledger, false},
    {"schema", check_schema, false},
    {"audit log", check_audit, false},
    {"jobs", check_jobs, false},
    {"quarantine", check_quarantine, false},
    {"sources", check_sources, false},
    {"uploads", check_uploads, false},
    {"lake", check_watermark, true},
    {"lake totals", check_totals, true},
    {"versions", check_versions, false},
};
enum { EXAMINATION_COUNT = sizeof(examinations) / sizeof(*examinations) };

code doctor_examine(struct scope *scope, struct doctor_check **ret_checks, size_t *ret_count) {
    struct doctor_check *checks = arena_array(&scope->arena, EXAMINATION_COUNT, sizeof(*checks));
    const bool has_lake = store_owns_lake(session_store(scope));

    for (size_t i = 0; i < EXAMINATION_COUNT; i++) {
        checks[i].name = examinations[i].name;
        TRY(scope_check(scope));
        if (examinations[i].asks_lake && !has_lake)
            find(&checks[i], DOCTOR_SKIPPED,
                 TEXT("the lake is in use by the process that has the store"), NULL);
        else if (examinations[i].run(scope, &checks[i]) != OK) {
            find(
                &checks[i], DOCTOR_FAIL, text_printf(&scope->arena, "%s", scope->failure.message),
                arena_printf(&scope->arena, "%s",
                             scope->failure.hint[0] ? scope->failure.hint : scope->failure.detail));
            scope_forgive(scope);
        }
    }
    *ret_checks = checks;
    *ret_count = EXAMINATION_COUNT;
    return OK;
}
