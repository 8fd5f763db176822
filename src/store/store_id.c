// SPDX-License-Identifier: Apache-2.0
// An id: milliseconds since 2020-01-01T00:00:00Z in the upper 41 bits, enough for 69 years, and 22
// bits to count in. In a database that several processes write, the upper 6 of the 22 are the
// process's number: they never give the same id, and need not ask each other.
#include "base/time.h"
#include "store/ledger.h"
#include "store/ledger_engine.h"
#include "store/store_internal.h"
#include "store_sql.h"

#include <assert.h>
#include <unistd.h>

#define ID_EPOCH_MS INT64_C(1577836800000)
enum { ID_LOW_BITS = 22, NUMBER_BITS = 6, SHARED_COUNTER_BITS = ID_LOW_BITS - NUMBER_BITS };

static int64_t now_ms(void) {
    return time_now_us() / 1000 - ID_EPOCH_MS;
}

int64_t store_id_of_instant(int64_t at_us) {
    return (at_us / 1000 - ID_EPOCH_MS) << ID_LOW_BITS;
}

int64_t store_instant_of_id(int64_t id) {
    return ((id >> ID_LOW_BITS) + ID_EPOCH_MS) * 1000;
}

code store_seed_ids(struct scope *scope, struct store *store) {
    int64_t largest;

    TRY(ledger_int64(scope, sql_store_largest_id, NO_BINDS, 0, &largest));
    // Where the ids of others lie between ours, ours go on in the next millisecond.
    if (store->engine->has_owner)
        atomic_store(&store->last_id, largest);
    else
        store_see_id(store, largest);
    atomic_store(&store->has_seen_ids, true);
    return OK;
}

// A clock that runs behind another machine's is carried along; one that runs ahead is not put back.
void store_see_id(struct store *store, int64_t id) {
    const int64_t behind = ((id >> ID_LOW_BITS) + 1) << SHARED_COUNTER_BITS;
    int64_t last = atomic_load(&store->last_id);
    const int64_t own = last >> SHARED_COUNTER_BITS << ID_LOW_BITS |
                        (int64_t)store->process_number << SHARED_COUNTER_BITS |
                        (last & ((INT64_C(1) << SHARED_COUNTER_BITS) - 1));

    if (id < own || id < now_ms() << ID_LOW_BITS)
        return;
    while (last < behind && !atomic_compare_exchange_weak(&store->last_id, &last, behind))
        ;
}

// Takes `count` steps of a counter that begins at `now` when that is further.
static int64_t take(struct store *store, int64_t now, int64_t count) {
    int64_t last = atomic_load_explicit(&store->last_id, memory_order_relaxed);
    int64_t first;

    do
        first = last + 1 > now ? last + 1 : now;
    while (!atomic_compare_exchange_weak(&store->last_id, &last, first + count - 1));
    return first;
}

// Another process beside the owner counts for itself: it begins far behind the owner's counter
// within each millisecond, at a place that follows from its number.
static int64_t beside_owner(const struct store *store) {
    const int64_t half = INT64_C(1) << (ID_LOW_BITS - 1);

    return store->mode == STORE_READ_WRITE ? 0 : half + getpid() % half;
}

// The counter's milliseconds and count, with the process's number between them. Consecutive ids lie
// within one millisecond: what does not fit into this one is left out.
static int64_t shared_ids(struct store *store, int64_t count) {
    const int64_t room = INT64_C(1) << SHARED_COUNTER_BITS;
    int64_t first;

    assert(count <= room);
    do
        first = take(store, now_ms() << SHARED_COUNTER_BITS, count);
    while (first % room + count > room);
    return (first >> SHARED_COUNTER_BITS << ID_LOW_BITS) |
           ((int64_t)store->process_number << SHARED_COUNTER_BITS) | (first % room);
}

int64_t store_new_ids(struct scope *scope, int64_t count) {
    struct store *store = session_store(scope);

    return store->engine->has_owner
               ? take(store, (now_ms() << ID_LOW_BITS) + beside_owner(store), count)
               : shared_ids(store, count);
}

int64_t store_new_id(struct scope *scope) {
    return store_new_ids(scope, 1);
}
