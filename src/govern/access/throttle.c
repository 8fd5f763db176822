// SPDX-License-Identifier: Apache-2.0
// Per name one instant is kept: when all tries will be free again (the generic cell rate
// algorithm). A try moves it one step on; more than the burst's steps ahead of now it may not lie.
#include "govern/access/throttle.h"

#include "store/ledger.h"
#include "throttle_sql.h"

#include <arpa/inet.h>

#define TELL_EVERY_US (INT64_C(600) * 1000000)

struct bucket {
    int64_t due_at_us, told_at_us;
};

static code load(struct scope *scope, struct text name, struct bucket *ret_bucket) {
    const int64_t latest = scope->now_us + THROTTLE_BURST * THROTTLE_STEP_US;
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_throttle_find, BINDS(BIND_TEXT(name)), &rows, &found));
    *ret_bucket = (struct bucket){.due_at_us = found ? rows_int64(rows, 0) : 0,
                                  .told_at_us = found ? rows_int64(rows, 1) : 0};
    // Beyond these lies only what was written before the clock was put back.
    if (ret_bucket->due_at_us > latest)
        ret_bucket->due_at_us = latest;
    if (ret_bucket->told_at_us > scope->now_us)
        ret_bucket->told_at_us = 0;
    return OK;
}

static code keep(struct scope *scope, struct text name, const struct bucket *bucket) {
    return ledger_exec(
        scope, sql_throttle_put,
        BINDS(BIND_TEXT(name), BIND_INT64(bucket->due_at_us), BIND_INT64(bucket->told_at_us)));
}

// When all tries would be free again after one more.
static int64_t after_one_more(struct scope *scope, const struct bucket *bucket) {
    const int64_t from = bucket->due_at_us > scope->now_us ? bucket->due_at_us : scope->now_us;

    return from + THROTTLE_STEP_US;
}

static int64_t wait_of(struct scope *scope, const struct bucket *bucket) {
    const int64_t latest = scope->now_us + THROTTLE_BURST * THROTTLE_STEP_US;
    const int64_t due_at_us = after_one_more(scope, bucket);

    return due_at_us > latest ? due_at_us - latest : 0;
}

static bool was_told(struct scope *scope, const struct bucket *bucket) {
    return scope->now_us - bucket->told_at_us < TELL_EVERY_US;
}

static code refuse(struct scope *scope, struct text name, struct bucket *bucket,
                   bool *ret_is_news) {
    if (was_told(scope, bucket))
        return OK;
    *ret_is_news = true;
    bucket->told_at_us = scope->now_us;
    return keep(scope, name, bucket);
}

code throttle_look(struct scope *scope, const struct throttle *throttle, int64_t *ret_wait_us) {
    int64_t wait_us = 0;

    *ret_wait_us = 0;
    for (size_t i = 0; i < throttle->count; i++) {
        struct bucket bucket;

        TRY(load(scope, throttle->names[i], &bucket));
        if (wait_of(scope, &bucket) > 0 && !was_told(scope, &bucket))
            return OK;
        if (wait_of(scope, &bucket) > wait_us)
            wait_us = wait_of(scope, &bucket);
    }
    *ret_wait_us = wait_us;
    return OK;
}

code throttle_expire(struct scope *scope) {
    return ledger_exec(scope, sql_throttle_expire,
                       BINDS(BIND_INT64(scope->now_us), BIND_INT64(scope->now_us - TELL_EVERY_US)));
}

code throttle_take(struct scope *scope, const struct throttle *throttle, int64_t *ret_wait_us,
                   bool *ret_is_news) {
    struct bucket buckets[THROTTLE_MOST_NAMES];
    int64_t wait_us = 0;
    bool is_news = false;

    TRY(throttle_expire(scope));
    for (size_t i = 0; i < throttle->count; i++) {
        TRY(load(scope, throttle->names[i], &buckets[i]));
        if (wait_of(scope, &buckets[i]) > wait_us)
            wait_us = wait_of(scope, &buckets[i]);
    }
    for (size_t i = 0; i < throttle->count; i++) {
        if (wait_of(scope, &buckets[i]) > 0) {
            TRY(refuse(scope, throttle->names[i], &buckets[i], &is_news));
        } else if (wait_us == 0) {
            buckets[i].due_at_us = after_one_more(scope, &buckets[i]);
            TRY(keep(scope, throttle->names[i], &buckets[i]));
        }
    }
    *ret_wait_us = wait_us;
    *ret_is_news = is_news;
    return OK;
}

code throttle_give_back(struct scope *scope, const struct throttle *throttle) {
    for (size_t i = 0; i < throttle->count; i++)
        TRY(ledger_exec(scope, sql_throttle_give_back,
                        BINDS(BIND_TEXT(throttle->names[i]), BIND_INT64(THROTTLE_STEP_US))));
    return OK;
}

code throttle_was_told(struct scope *scope, struct text name, bool *ret_was_told) {
    struct bucket bucket;

    TRY(load(scope, name, &bucket));
    *ret_was_told = was_told(scope, &bucket);
    return OK;
}

code throttle_tell(struct scope *scope, struct text name) {
    const struct bucket told = {.told_at_us = scope->now_us};

    return keep(scope, name, &told);
}

struct text throttle_source(struct arena *arena, struct text address) {
    char *written = arena_alloc(arena, INET6_ADDRSTRLEN);
    struct in6_addr bytes;

    if (address.size >= INET6_ADDRSTRLEN ||
        inet_pton(AF_INET6, text_string(arena, address), &bytes) != 1)
        return address;
    if (IN6_IS_ADDR_V4MAPPED(&bytes))
        return text_of(inet_ntop(AF_INET, &bytes.s6_addr[12], written, INET6_ADDRSTRLEN));
    memset(&bytes.s6_addr[8], 0, 8);
    return text_of(inet_ntop(AF_INET6, &bytes, written, INET6_ADDRSTRLEN));
}
