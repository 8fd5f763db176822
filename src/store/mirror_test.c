// SPDX-License-Identifier: Apache-2.0
// The lake against the ledger: whatever happened, in whatever order, cut off wherever, the lake
// that was carried is the lake that a rebuild makes.
#include "store/store_testing.h"

#include "base/progress.h"
#include "store/change.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// ---- a workload ----

static uint64_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static int64_t below(uint64_t *state, int64_t limit) {
    return (int64_t)(next_random(state) % (uint64_t)limit);
}

// One of the ids that a query gives, or 0.
static code pick(struct scope *scope, uint64_t *state, const char *count_sql, const char *sql,
                 int64_t *ret_id) {
    int64_t count;

    TRY(ledger_int64(scope, count_sql, NO_BINDS, 0, &count));
    *ret_id = 0;
    if (count == 0)
        return OK;
    return ledger_int64(scope, sql, BINDS(BIND_INT64(below(state, count))), 0, ret_id);
}

static code pick_customer(struct scope *scope, uint64_t *state, int64_t *ret_id) {
    return pick(scope, state, "SELECT count(*) FROM customer",
                "SELECT id FROM customer ORDER BY id LIMIT 1 OFFSET $1", ret_id);
}

static code add_identifier(struct scope *scope, uint64_t *state, int64_t origin) {
    const int64_t id = store_new_id(scope);

    TRY(ledger_exec(
        scope,
        "INSERT INTO identifier (id, kind, source, value, origin, import_id, seen_at_us) "
        "VALUES ($1, $2, 's', $3, $4, 1, 0)",
        BINDS(BIND_INT64(id), BIND_INT64(below(state, 5) + 1),
              BIND_TEXT(text_printf(&scope->arena, "v%d", (int)(id % 1000000007))),
              BIND_INT64(origin))));
    return change_record(scope, CHANGE_IDENTIFIER, CHANGE_CREATED, id, id);
}

static code add_customers(struct scope *scope, uint64_t *state) {
    const int64_t count = below(state, 4) + 1;
    const int64_t first = store_new_ids(scope, count * 2); // every other id stays unused

    for (int64_t i = 0; i < count; i++) {
        TRY(ledger_exec(scope,
                        "INSERT INTO customer (id, import_id, created_at_us, name, birth_day) "
                        "VALUES ($1, 1, $2, $3, $4)",
                        BINDS(BIND_INT64(first + i * 2), BIND_INT64(first), BIND_STRING("Ada"),
                              BIND_INT64_IF(i % 2 == 0, -3000 + i))));
        TRY(add_identifier(scope, state, first + i * 2));
    }
    return change_record(scope, CHANGE_CUSTOMER, CHANGE_CREATED, first, first + count * 2 - 1);
}

static code change_customer(struct scope *scope, uint64_t *state) {
    int64_t id;

    TRY(pick_customer(scope, state, &id));
    TRY(ledger_exec(scope, "UPDATE customer SET city = $2 WHERE id = $1",
                    BINDS(BIND_INT64(id), BIND_STRING(below(state, 2) ? "Wien" : "Bern"))));
    if (below(state, 3) == 0)
        TRY(add_identifier(scope, state, id));
    return change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, id, id);
}

// Only the alias is told: the customers on both sides follow from it.
static code join_or_part(struct scope *scope, uint64_t *state) {
    int64_t origin, customer, target;

    TRY(pick_customer(scope, state, &origin));
    TRY(pick_customer(scope, state, &customer));
    TRY(ledger_int64(scope, "SELECT count(*) FROM alias WHERE origin = $1 OR customer = $2",
                     BINDS(BIND_INT64(customer), BIND_INT64(origin)), 0, &target));
    if (below(state, 3) == 0)
        TRY(ledger_exec(scope, "DELETE FROM alias WHERE origin = $1", BINDS(BIND_INT64(origin))));
    else if (target == 0 && origin != customer)
        TRY(ledger_exec(scope,
                        "INSERT INTO alias (origin, customer) VALUES ($1, $2) "
                        "ON CONFLICT (origin) DO UPDATE SET customer = excluded.customer",
                        BINDS(BIND_INT64(origin), BIND_INT64(customer))));
    return change_record(scope, CHANGE_ALIAS, CHANGE_UPDATED, origin, origin);
}

static code add_sales(struct scope *scope, uint64_t *state) {
    const int64_t count = below(state, 5) + 1;
    const int64_t first = store_new_ids(scope, count);

    for (int64_t id = first; id < first + count; id++) {
        const int64_t lines = below(state, 4) + 1;

        TRY(ledger_exec(
            scope,
            "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, store_id, "
            "currency, "
            "origin, net_micros, vat_micros, gross_micros, discount_micros, line_count) "
            "VALUES ($1, 1, 's', $2, $3, $4, $5, 'EUR', $6, 100, 20, 120, 0, $7)",
            BINDS(BIND_INT64(id), BIND_TEXT(text_printf(&scope->arena, "n%lld", (long long)id)),
                  BIND_INT64(below(state, 3) + 1), BIND_INT64(below(state, 1000) * 7200000000),
                  BIND_INT64_IF(id % 3 > 0, id % 3), BIND_INT64_IF(id % 4 > 0, below(state, 50)),
                  BIND_INT64(lines))));
        for (int64_t line = 1; line <= lines; line++)
            TRY(ledger_exec(
                scope,
                "INSERT INTO sale_line (sale_id, line, import_id, seen_import, content_hash, "
                "product_id, "
                "quantity_micros, unit_price_micros, discount_micros, net_micros, vat_rate_bp, "
                "vat_micros, gross_micros) "
                "VALUES ($1, $2, 1, 1, 7, $3, 1000000, 120, 0, 100, $4, 20, $5)",
                BINDS(BIND_INT64(id), BIND_INT64(line), BIND_INT64(below(state, 9)),
                      BIND_INT64_IF(line % 2 == 0, 2000), BIND_INT64(below(state, 100000)))));
    }
    return change_record(scope, CHANGE_SALE, CHANGE_CREATED, first, first + count - 1);
}

static code change_sale(struct scope *scope, uint64_t *state) {
    int64_t id;

    TRY(pick(scope, state, "SELECT count(*) FROM sale",
             "SELECT id FROM sale ORDER BY id LIMIT 1 OFFSET $1", &id));
    if (below(state, 3) == 0) {
        TRY(ledger_exec(scope, "DELETE FROM sale_line WHERE sale_id = $1", BINDS(BIND_INT64(id))));
        TRY(ledger_exec(scope, "DELETE FROM sale WHERE id = $1", BINDS(BIND_INT64(id))));
    } else
        TRY(ledger_exec(scope, "UPDATE sale SET channel = 'web', origin = $2 WHERE id = $1",
                        BINDS(BIND_INT64(id), BIND_INT64(below(state, 50)))));
    return change_record(scope, CHANGE_SALE, CHANGE_UPDATED, id, id + below(state, 3));
}

static code add_things(struct scope *scope, uint64_t *state) {
    const int64_t id = store_new_id(scope);
    struct text name = text_printf(&scope->arena, "c%lld", (long long)id);
    static const struct {
        const char *sql;
        enum change_table table;
    } things[] = {
        {"INSERT INTO product (id, import_id, code, vat_rate_bp) VALUES ($1, 1, $2, 700)",
         CHANGE_PRODUCT},
        {"INSERT INTO store (id, import_id, code) VALUES ($1, 1, $2)", CHANGE_STORE},
        {"INSERT INTO staff (id, import_id, code) VALUES ($1, 1, $2)", CHANGE_STAFF},
        {"INSERT INTO event (id, import_id, seen_import, source, event_key, at_us, name) "
         "VALUES ($1, 1, 1, 's', $2, 86399999999, 'seen')",
         CHANGE_EVENT},
        {"INSERT INTO consent (id, import_id, seen_import, source, consent_key, identifier_id, "
         "origin, "
         "purpose, channel, state, at_us) VALUES ($1, 1, 1, 's', $2, 1, 1, 'news', 'email', "
         "'granted', 5)",
         CHANGE_CONSENT},
    };
    const int64_t which = below(state, 5);

    TRY(ledger_exec(scope, things[which].sql, BINDS(BIND_INT64(id), BIND_TEXT(name))));
    return change_record(scope, things[which].table, CHANGE_CREATED, id, id);
}

static code work(struct scope *scope, uint64_t *state) {
    static code (*const kinds[])(struct scope *, uint64_t *) = {
        add_customers, add_sales,   add_sales, change_customer,
        join_or_part,  change_sale, add_things};

    TRY(ledger_begin(scope));
    for (int64_t steps = below(state, 6) + 1; steps > 0; steps--)
        TRY(kinds[below(state, 7)](scope, state));
    return ledger_commit(scope);
}

// ---- comparing ----

static const char *whole_lake(struct scope *scope) {
    static const char *const tables[] = {"alias", "customer",  "product", "store",  "staff",
                                         "sale",  "sale_line", "event",   "consent"};
    const char *all = "";

    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
        all = arena_printf(
            &scope->arena, "%s\n%s:\n%s", all, tables[i],
            test_lake_rows(
                scope, arena_printf(&scope->arena, "SELECT * FROM %s ORDER BY ALL", tables[i])));
    return all;
}

static void check_as_rebuilt(struct scope *scope) {
    const char *carried = whole_lake(scope);
    const char *rebuilt;
    size_t same = 0;

    CHECK_OK(lake_rebuild(scope));
    rebuilt = whole_lake(scope);
    while (carried[same] != '\0' && carried[same] == rebuilt[same])
        same++;
    if (carried[same] != rebuilt[same])
        test_fail(__FILE__, __LINE__, "carried \"%.80s\", rebuilt \"%.80s\"", carried + same,
                  rebuilt + same);
}

// Counts rebuilds while a store is opened.
struct rebuild_counter {
    struct progress progress;
    int count;
};

static void count_rebuild(struct progress *progress, const char *stage, int64_t done, int64_t total,
                          const char *unit) {
    (void)done, (void)total, (void)unit;
    if (strcmp(stage, "rebuilding the lake") == 0)
        ((struct rebuild_counter *)progress)->count++;
}

static void ignore_note(struct progress *progress, const char *line) {
    (void)progress, (void)line;
}

static int rebuilds_at_reopening(struct scope *scope) {
    struct rebuild_counter counter = {.progress = {.report = count_rebuild, .note = ignore_note}};
    struct progress *before = scope->progress;

    scope->progress = &counter.progress;
    test_store_reopen(scope);
    scope->progress = before;
    return counter.count;
}

static void copy_file(const char *from, const char *to) {
    const int in = open(from, O_RDONLY);
    const int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t count;

    CHECK(in >= 0 && out >= 0);
    while ((count = copy_file_range(in, NULL, out, NULL, 1 << 20, 0)) > 0)
        ;
    CHECK(count == 0);
    close(in);
    close(out);
}

// ---- tests ----

TEST(rows_of_the_lake_are_those_of_the_ledger_worked_out_by_hand) {
    test_store_in_folder(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("Europe/Berlin")));
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(
        scope,
        "INSERT INTO customer (id, import_id, created_at_us, name, birth_day) VALUES (10, 1, 5, "
        "'Ada', -1);"
        "INSERT INTO customer (id, import_id, created_at_us, name) VALUES (20, 1, 6, 'Bo');"
        "INSERT INTO identifier (id, kind, source, value, origin, import_id, seen_at_us) VALUES "
        "(11, 1, '', 'ada@example.org', 10, 1, 5), (12, 4, 'a', '0200', 10, 1, 5),"
        "(21, 4, 'b', '0100', 20, 1, 6), (22, 3, '', 'C1', 20, 1, 6);"
        "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency, origin, "
        "net_micros,"
        " vat_micros, gross_micros, discount_micros, line_count) VALUES (30, 1, 's', 'r1', 2,"
        " 1293834600000000, 'EUR', 20, -100, -20, -120, 0, 1);" // 2010-12-31T22:30:00Z
        "INSERT INTO sale_line (sale_id, line, import_id, seen_import, content_hash, "
        "quantity_micros,"
        " unit_price_micros, discount_micros, net_micros, vat_micros, gross_micros)"
        " VALUES (30, 1, 1, 1, 0, -1000000, 120, 0, -100, -20, -120);");
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_CREATED, 10, 20));
    CHECK_OK(change_record(scope, CHANGE_IDENTIFIER, CHANGE_CREATED, 11, 22));
    CHECK_OK(change_record(scope, CHANGE_SALE, CHANGE_CREATED, 30, 30));
    CHECK_OK(ledger_commit(scope));
    CHECK_STRING(test_lake_rows(scope,
                                "SELECT id, number, name, birth_on, has_email, has_phone, has_card "
                                "FROM customer ORDER BY id"),
                 "10|0200|Ada|1969-12-31|true|false|false\n20|0100|Bo|-|false|false|true");
    CHECK_STRING(test_lake_rows(scope, "SELECT id, kind, sold_on, origin FROM sale"),
                 "30|refund|2010-12-31|20");
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(
        scope, "INSERT INTO alias (origin, customer) VALUES (20, 10);"
               "UPDATE sale SET sold_at_us = 1293836400000000"); // 23:00Z: the new year in Berlin
    CHECK_OK(change_record(scope, CHANGE_ALIAS, CHANGE_CREATED, 20, 20));
    CHECK_OK(change_record(scope, CHANGE_SALE, CHANGE_UPDATED, 30, 30));
    CHECK_OK(ledger_commit(scope));
    CHECK_STRING(test_lake_rows(scope, "SELECT id, number, has_email, has_card FROM customer"),
                 "10|0100|true|true");
    CHECK_STRING(test_lake_rows(scope, "SELECT s.sold_on, l.sold_on, l.gross_micros FROM sale s "
                                       "JOIN sale_line l ON l.sale_id = s.id"),
                 "2011-01-01|2011-01-01|-120");
}

TEST(a_lake_that_was_carried_is_the_one_that_is_rebuilt) {
    uint64_t state = 42;

    test_store_in_folder(scope);
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 60; i++)
            CHECK_OK(work(scope, &state));
        check_as_rebuilt(scope);
    }
    CHECK_INT(rebuilds_at_reopening(scope), 0);
    check_as_rebuilt(scope);
}

TEST(a_lake_that_is_gone_or_damaged_is_rebuilt_at_the_next_start) {
    uint64_t state = 7;
    const char *before, *path;
    int fd;

    test_store_in_folder(scope);
    for (int i = 0; i < 50; i++)
        CHECK_OK(work(scope, &state));
    before = whole_lake(scope);
    path = arena_printf(&scope->arena, "%s/lake.db", store_path(session_store(scope)));
    test_store_close(scope);
    CHECK(unlink(path) == 0);
    CHECK(rebuilds_at_reopening(scope) > 0);
    CHECK_STRING(whole_lake(scope), before);
    test_store_close(scope);
    fd = open(path, O_WRONLY);
    CHECK(pwrite(fd, "this is no lake at all", 22, 4090) == 22);
    close(fd);
    CHECK(rebuilds_at_reopening(scope) > 0);
    CHECK_STRING(whole_lake(scope), before);
}

TEST(a_lake_that_does_not_fit_the_ledger_is_rebuilt) {
    uint64_t state = 9;
    const char *lake, *copy;

    test_store_in_folder(scope);
    lake = arena_printf(&scope->arena, "%s/lake.db", store_path(session_store(scope)));
    copy = arena_printf(&scope->arena, "%s/copy.db", test_folder(scope));
    for (int i = 0; i < 20; i++)
        CHECK_OK(work(scope, &state));
    test_store_close(scope);
    // An old copy of the lake, from before changes that the log has forgotten meanwhile.
    copy_file(lake, copy);
    CHECK_INT(rebuilds_at_reopening(scope), 0);
    for (int i = 0; i < 20; i++)
        CHECK_OK(work(scope, &state));
    CHECK_OK(lake_refresh(scope));
    test_ledger_exec(scope, "DELETE FROM change WHERE id < (SELECT max(id) FROM change)");
    test_store_close(scope);
    copy_file(copy, lake);
    CHECK(rebuilds_at_reopening(scope) > 0);
    check_as_rebuilt(scope);
    // A ledger from before the lake: the log ends below the watermark.
    test_ledger_exec(scope, "DELETE FROM change");
    CHECK(rebuilds_at_reopening(scope) > 0);
    check_as_rebuilt(scope);
}

struct stopper {
    struct progress progress;
    atomic_bool cancelled;
};

static void stop_at_sales(struct progress *progress, const char *stage, int64_t done, int64_t total,
                          const char *unit) {
    (void)stage, (void)unit;
    if (done > total / 2)
        atomic_store(&((struct stopper *)progress)->cancelled, true);
}

TEST(a_rebuild_that_was_broken_off_is_done_again) {
    struct stopper stopper = {.progress = {.report = stop_at_sales, .note = ignore_note}};
    struct progress *before = scope->progress;
    uint64_t state = 11;
    const char *whole;

    test_store_in_folder(scope);
    for (int i = 0; i < 50; i++)
        CHECK_OK(work(scope, &state));
    whole = whole_lake(scope);
    scope->progress = &stopper.progress;
    scope->cancelled = &stopper.cancelled;
    CHECK_CODE(lake_rebuild(scope), CANCELLED);
    scope_forgive(scope);
    scope->progress = before;
    scope->cancelled = NULL;
    CHECK_STRING(whole_lake(scope), whole); // the thread began anew
    scope->progress = &stopper.progress;
    scope->cancelled = &stopper.cancelled;
    atomic_store(&stopper.cancelled, false);
    CHECK_CODE(lake_rebuild(scope), CANCELLED);
    scope_forgive(scope);
    scope->progress = before;
    scope->cancelled = NULL;
    test_store_reopen(scope);
    CHECK_STRING(whole_lake(scope), whole);
}

TEST(a_new_time_zone_rebuilds_the_days) {
    test_store_in_folder(scope);
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(
        scope, "INSERT INTO event (id, import_id, seen_import, source, event_key, at_us, name) "
               "VALUES (5, 1, 1, 's', 'k', 0, 'seen')");
    CHECK_OK(change_record(scope, CHANGE_EVENT, CHANGE_CREATED, 5, 5));
    CHECK_OK(ledger_commit(scope));
    CHECK_STRING(test_lake_rows(scope, "SELECT happened_on FROM event"), "1970-01-01");
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("America/New_York")));
    CHECK_STRING(test_lake_rows(scope, "SELECT happened_on FROM event"), "1969-12-31");
    CHECK_INT(rebuilds_at_reopening(scope), 0);
}

TEST(the_lake_follows_within_a_second_without_being_asked) {
    int64_t seen = 0;
    const struct timespec wait = {.tv_nsec = 50000000};

    test_store_in_folder(scope);
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 2)");
    CHECK_OK(change_record(scope, CHANGE_ALIAS, CHANGE_CREATED, 1, 1));
    CHECK_OK(ledger_commit(scope));
    for (int i = 0; i < 100 && seen == 0; i++) { // 5 s: the machine may be busy
        nanosleep(&wait, NULL);
        CHECK_OK(lake_int64(scope, "SELECT count(*) FROM alias", NO_BINDS, 0, &seen));
    }
    CHECK_INT(seen, 1);
}

TEST(the_lake_is_not_waited_for_within_a_transaction) {
    test_store_in_folder(scope);
    CHECK_OK(ledger_begin(scope));
    CHECK_CODE(lake_refresh(scope), INTERNAL);
}

static void *read_steadily(void *argument) {
    struct store *store = argument;
    struct scope scope;
    uintptr_t wrong = 0;

    scope_init(&scope);
    wrong += session_open(&scope, store) != OK;
    for (int i = 0; i < 40 && scope.failure.code == OK; i++) {
        int64_t broken = 0;

        lake_refresh(&scope);
        lake_int64(&scope,
                   "SELECT count(*) FROM sale s LEFT JOIN (SELECT sale_id, count(*) AS lines "
                   "FROM sale_line GROUP BY sale_id) l ON l.sale_id = s.id "
                   "WHERE s.line_count <> coalesce(l.lines, 0)",
                   NO_BINDS, 0, &broken);
        wrong += broken > 0;
    }
    wrong += scope.failure.code != OK;
    session_close(&scope);
    scope_clear(&scope);
    return (void *)wrong; // NOLINT(performance-no-int-to-ptr): a count, never followed
}

TEST(readers_see_whole_sales_only_while_the_mirror_writes) {
    enum { READERS = 2 };
    pthread_t readers[READERS];
    uint64_t state = 5;

    test_store_in_folder(scope);
    for (int i = 0; i < READERS; i++)
        CHECK(pthread_create(&readers[i], NULL, read_steadily, session_store(scope)) == 0);
    for (int i = 0; i < 150; i++)
        CHECK_OK(work(scope, &state));
    for (int i = 0; i < READERS; i++) {
        void *wrong;

        CHECK(pthread_join(readers[i], &wrong) == 0);
        CHECK(wrong == NULL);
    }
    check_as_rebuilt(scope);
}

// ---- crashes ----

_Noreturn static void work_until_killed(const char *path, uint64_t seed) {
    struct scope scope;
    struct store *store;

    scope_init(&scope);
    if (store_open(&scope, path, STORE_READ_WRITE, &store) != OK ||
        session_open(&scope, store) != OK)
        _exit(1);
    while (work(&scope, &seed) == OK)
        arena_clear(&scope.arena);
    fprintf(stderr, "  child: %s; %s\n", scope.failure.message, scope.failure.detail);
    _exit(2);
}

TEST(a_mirror_killed_at_any_instant_repeats_nothing_and_skips_nothing) {
    const char *path;
    uint64_t state = (uint64_t)time(NULL);

    test_store_in_folder(scope);
    path = arena_printf(&scope->arena, "%s", store_path(session_store(scope)));
    CHECK_OK(work(scope, &state)); // an empty lake would be rebuilt, which costs nothing
    for (int round = 0; round < 6; round++) {
        const struct timespec life = {.tv_nsec = 200000000 + below(&state, 300) * 1000000};
        int status;
        pid_t child;

        test_store_close(scope);
        child = test_fork();
        if (child == 0)
            work_until_killed(path, state);
        nanosleep(&life, NULL);
        CHECK(kill(child, SIGKILL) == 0);
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
        CHECK_INT(rebuilds_at_reopening(scope), 0);
        check_as_rebuilt(scope);
    }
}
