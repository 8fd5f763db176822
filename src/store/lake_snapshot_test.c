// SPDX-License-Identifier: Apache-2.0
// Questions that have to fit each other, beside somebody who writes.
#include "store/change.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <pthread.h>
#include <unistd.h>

static code add_store(struct scope *scope) {
    const int64_t id = store_new_id(scope);

    TRY(ledger_begin(scope));
    TRY(ledger_exec(
        scope, "INSERT INTO store (id, code, import_id) VALUES ($1, $2, 1)",
        BINDS(BIND_INT64(id), BIND_TEXT(text_printf(&scope->arena, "%lld", (long long)id)))));
    TRY(change_record(scope, CHANGE_STORE, CHANGE_CREATED, id, id));
    return ledger_commit(scope);
}

static int64_t count_stores(struct scope *scope) {
    int64_t count;

    CHECK_OK(lake_int64(scope, "SELECT count(*) FROM store", NO_BINDS, -1, &count));
    return count;
}

static int64_t count_shared(struct scope *scope) {
    int64_t count;

    CHECK_OK(lake_int64_shared(scope, "SELECT count(*) FROM store", NO_BINDS, -1, &count));
    return count;
}

static int64_t newest_change(struct scope *scope) {
    int64_t newest;

    CHECK_OK(ledger_int64(scope, "SELECT max(id) FROM change", NO_BINDS, 0, &newest));
    return newest;
}

TEST(a_snapshot_shows_nothing_of_what_comes_while_it_is_open) {
    int64_t change_id;

    test_store(scope);
    CHECK_OK(add_store(scope));
    CHECK_OK(lake_snapshot_begin(scope, &change_id));
    CHECK_INT(change_id, newest_change(scope));
    CHECK_INT(count_stores(scope), 1);
    CHECK_OK(add_store(scope));
    CHECK_OK(lake_refresh(scope));
    CHECK_INT(count_stores(scope), 1);
    CHECK_INT(count_shared(scope), 1);
    CHECK_OK(lake_snapshot_end(scope, OK));
    CHECK_INT(count_stores(scope), 2);
    CHECK_INT(count_shared(scope), 2);
}

TEST(a_snapshot_begins_with_what_is_committed) {
    int64_t change_id;

    test_store(scope);
    for (int count = 1; count < 20; count++) {
        CHECK_OK(add_store(scope));
        CHECK_OK(lake_snapshot_begin(scope, &change_id));
        CHECK_INT(count_stores(scope), count);
        CHECK_INT(change_id, newest_change(scope));
        CHECK_OK(lake_snapshot_end(scope, OK));
    }
}

TEST(the_end_of_a_snapshot_returns_what_the_work_came_to) {
    int64_t change_id;

    test_store(scope);
    CHECK_CODE(lake_snapshot_end(scope, CONFLICT), CONFLICT); // none is open
    CHECK_OK(lake_snapshot_begin(scope, &change_id));
    CHECK_CODE(lake_snapshot_begin(scope, &change_id), INTERNAL);
    scope_forgive(scope);
    CHECK_CODE(lake_int64(scope, "SELECT nothing FROM nowhere", NO_BINDS, 0, &change_id), INTERNAL);
    scope_forgive(scope);
    CHECK_CODE(lake_snapshot_end(scope, INTERNAL), INTERNAL);
    CHECK_OK(lake_snapshot_begin(scope, &change_id)); // the failure went with the snapshot
    CHECK_INT(count_stores(scope), 0);
    CHECK_OK(lake_snapshot_end(scope, OK));
}

// ---- at once ----

struct writer {
    struct store *store;
    pthread_t thread;
    atomic_bool stops;
    atomic_int written;
    code result;
};

static void *write_stores(void *argument) {
    struct writer *writer = argument;
    struct scope scope;

    scope_init(&scope);
    writer->result = session_open(&scope, writer->store);
    while (writer->result == OK && !atomic_load(&writer->stops)) {
        writer->result = add_store(&scope);
        if (writer->result == OK)
            atomic_fetch_add(&writer->written, 1);
    }
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

// The lake moves on between the two questions, and shows so once the snapshot has ended.
static void look_twice(struct scope *scope, const struct writer *writer) {
    int64_t change_id, first;
    int written;

    CHECK_OK(lake_snapshot_begin(scope, &change_id));
    first = count_stores(scope);
    written = atomic_load(&writer->written);
    while (atomic_load(&writer->written) < written + 2)
        usleep(1000);
    CHECK_OK(lake_refresh(scope));
    CHECK_INT(count_stores(scope), first);
    CHECK_OK(lake_snapshot_end(scope, OK));
    CHECK(count_stores(scope) > first);
}

TEST(every_question_of_a_snapshot_has_the_same_answer_beside_a_writer) {
    struct writer writer = {0};

    test_store(scope);
    writer.store = session_store(scope);
    CHECK(pthread_create(&writer.thread, NULL, write_stores, &writer) == 0);
    for (int round = 0; round < 10; round++)
        look_twice(scope, &writer);
    atomic_store(&writer.stops, true);
    pthread_join(writer.thread, NULL);
    CHECK_CODE(writer.result, OK);
}

TEST(a_snapshot_outlives_a_lake_that_is_built_anew) {
    int64_t change_id;

    test_store(scope);
    CHECK_OK(add_store(scope));
    CHECK_OK(lake_snapshot_begin(scope, &change_id));
    CHECK_INT(count_stores(scope), 1);
    CHECK_OK(add_store(scope));
    CHECK_OK(lake_rebuild(scope));
    CHECK_INT(count_stores(scope), 1);
    CHECK_OK(lake_snapshot_end(scope, OK));
    CHECK_INT(count_stores(scope), 2);
}
