// SPDX-License-Identifier: Apache-2.0
#include "store/write_turn.h"

#include "base/test.h"
#include "base/time.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <stdatomic.h>
#include <time.h>

enum { WRITERS = 4, TURNS = 20 };

static void pause_ms(long ms) {
    const struct timespec wait = {.tv_nsec = ms * 1000000};

    nanosleep(&wait, NULL);
}

struct writer {
    struct write_turn *turn;
    atomic_int *next; // place of who has the turn, from 0
    int place;        // -1: never had it
};

static void *take_once(void *argument) {
    struct writer *writer = argument;

    if (write_turn_take(writer->turn, 10000)) {
        writer->place = atomic_fetch_add(writer->next, 1);
        write_turn_give(writer->turn);
    }
    return NULL;
}

TEST(writers_have_their_turns_in_the_order_in_which_they_asked) {
    struct write_turn turn;
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    atomic_int next = 0;

    write_turn_init(&turn);
    CHECK(write_turn_take(&turn, 0));
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.turn = &turn, .next = &next, .place = -1};
        CHECK(pthread_create(&threads[i], NULL, take_once, &writers[i]) == 0);
        pause_ms(50); // until it waits
    }
    write_turn_give(&turn);
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(writers[i].place, i);
    }
    write_turn_clear(&turn);
}

TEST(who_waits_too_long_leaves_the_queue_and_others_keep_their_places) {
    struct write_turn turn;
    struct writer writer = {.turn = &turn, .place = -1};
    pthread_t thread;
    atomic_int next = 0;

    writer.next = &next;
    write_turn_init(&turn);
    CHECK(write_turn_take(&turn, 0));
    CHECK(!write_turn_take(&turn, 20));
    CHECK(pthread_create(&thread, NULL, take_once, &writer) == 0);
    pause_ms(20);
    CHECK(!write_turn_take(&turn, 20));
    write_turn_give(&turn);
    pthread_join(thread, NULL);
    CHECK_INT(writer.place, 0);
    CHECK(write_turn_take(&turn, 0));
    write_turn_clear(&turn);
}

// ---- on the ledger ----

struct bulk {
    struct store *store;
    atomic_bool stop;
    atomic_int batches;
};

// Begins a batch right after the last, as an import does.
static void *write_batches(void *argument) {
    struct bulk *bulk = argument;
    struct scope scope;

    scope_init(&scope);
    if (session_open(&scope, bulk->store) == OK)
        while (!atomic_load(&bulk->stop) && ledger_begin(&scope) == OK &&
               ledger_exec(&scope, "UPDATE identity_epoch SET epoch = epoch + 1", NO_BINDS) == OK) {
            pause_ms(20);
            if (ledger_commit(&scope) != OK)
                break;
            atomic_fetch_add(&bulk->batches, 1);
        }
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

TEST(a_small_write_waits_for_one_batch_of_a_bulk_writer_and_not_for_the_last) {
    struct bulk bulk = {0};
    pthread_t thread;
    int64_t count;

    test_store(scope);
    bulk.store = session_store(scope);
    CHECK(pthread_create(&thread, NULL, write_batches, &bulk) == 0);
    for (int i = 0; i < TURNS; i++) {
        int before;

        pause_ms(3);
        before = atomic_load(&bulk.batches);
        CHECK_OK(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES ($1, 1)",
                             BINDS(BIND_INT64(i + 1))));
        CHECK(atomic_load(&bulk.batches) <= before + 2);
        CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM alias", NO_BINDS, 0, &count));
        CHECK_INT(count, i + 1);
    }
    atomic_store(&bulk.stop, true);
    pthread_join(thread, NULL);
    CHECK(atomic_load(&bulk.batches) > 0);
}
