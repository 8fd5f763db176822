// SPDX-License-Identifier: Apache-2.0
// One entry for each question: its text, its values, and the state of the lake that it was asked
// of. The first who asks adds the entry and works on it; the others wait. When the work ends
// without an answer, the entry goes, and one of those who wait begins anew.
//
// An answer may know more than its state, never less: the lake may have changed before the query
// began. Nobody can be told an answer of a state before the one they asked of.
#include "store/lake_shared.h"

#include "base/limits.h"
#include "store/deadline.h"
#include "store/lake.h"
#include "store/lake_engine.h"
#include "store/rows_kept.h"
#include "store/store_internal.h"

#include <pthread.h>
#include <stdlib.h>

enum { LOOK_MS = 50, ANSWER_BYTES_MOST = 256 << 10, ENTRIES_MOST = 256, ALL_BYTES_MOST = 8 << 20 };

enum stage {
    WORKED_ON,
    ANSWERED,
    TOO_LARGE_TO_KEEP, // everybody asks for themselves
};

struct entry {
    struct entry *next;
    struct buffer key;
    int64_t state;
    int64_t used; // when, as counted by `uses`
    enum stage stage;
    struct kept *kept; // of ANSWERED
};

struct shared_answers {
    pthread_mutex_t lock; // guards what follows
    pthread_cond_t changed;
    struct entry *first;
    int count;
    size_t bytes; // of the answers
    int64_t uses;
    struct store_lake_counts counts;
};

struct shared_answers *shared_answers_new(void) {
    struct shared_answers *answers = calloc(1, sizeof(*answers));

    if (!answers)
        abort();
    pthread_mutex_init(&answers->lock, NULL);
    monotonic_cond_init(&answers->changed);
    return answers;
}

// ---- entries, with the lock held ----

static void remove_at(struct shared_answers *answers, struct entry **place) {
    struct entry *entry = *place;

    *place = entry->next;
    answers->count--;
    if (entry->kept)
        answers->bytes -= kept_bytes(entry->kept);
    kept_release(entry->kept);
    buffer_clear(&entry->key);
    free(entry);
}

static void remove_entry(struct shared_answers *answers, const struct entry *entry) {
    struct entry **place = &answers->first;

    while (*place != entry)
        place = &(*place)->next;
    remove_at(answers, place);
}

// Answers of other states: nobody will ask for them.
static void forget_past(struct shared_answers *answers, int64_t state) {
    for (struct entry **place = &answers->first; *place;)
        if ((*place)->state < state && (*place)->stage != WORKED_ON)
            remove_at(answers, place);
        else
            place = &(*place)->next;
}

// False: all are being worked on.
static bool forget_one(struct shared_answers *answers) {
    struct entry **oldest = NULL;

    for (struct entry **place = &answers->first; *place; place = &(*place)->next)
        if ((*place)->stage != WORKED_ON && (!oldest || (*place)->used < (*oldest)->used))
            oldest = place;
    if (oldest)
        remove_at(answers, oldest);
    return oldest != NULL;
}

static void make_room(struct shared_answers *answers) {
    while (answers->count >= ENTRIES_MOST || answers->bytes > ALL_BYTES_MOST)
        if (!forget_one(answers))
            return;
}

static struct entry *find(struct shared_answers *answers, struct text key) {
    struct entry *entry = answers->first;

    while (entry && !text_equal(buffer_text(&entry->key), key))
        entry = entry->next;
    if (entry)
        entry->used = ++answers->uses;
    return entry;
}

static struct entry *add(struct shared_answers *answers, struct text key, int64_t state) {
    struct entry *entry = calloc(1, sizeof(*entry));

    if (!entry)
        abort();
    forget_past(answers, state);
    make_room(answers);
    buffer_add_text(&entry->key, key);
    entry->state = state;
    entry->used = ++answers->uses;
    entry->next = answers->first;
    answers->first = entry;
    answers->count++;
    return entry;
}

void shared_answers_free(struct shared_answers *answers) {
    if (!answers)
        return;
    while (answers->first)
        remove_at(answers, &answers->first);
    pthread_cond_destroy(&answers->changed);
    pthread_mutex_destroy(&answers->lock);
    free(answers);
}

struct store_lake_counts shared_answers_counts(struct shared_answers *answers) {
    struct store_lake_counts counts;

    pthread_mutex_lock(&answers->lock);
    counts = answers->counts;
    pthread_mutex_unlock(&answers->lock);
    return counts;
}

// ---- asking ----

static void add_bind(struct buffer *key, const struct bind *bind) {
    buffer_add(key, &bind->type, sizeof(bind->type));
    switch (bind->type) {
    case BIND_TYPE_INT64:
        buffer_add(key, &bind->int64, sizeof(bind->int64));
        return;
    case BIND_TYPE_DOUBLE:
        buffer_add(key, &bind->number, sizeof(bind->number));
        return;
    case BIND_TYPE_BOOL:
        buffer_add(key, &bind->boolean, sizeof(bind->boolean));
        return;
    case BIND_TYPE_TEXT:
        buffer_add(key, &bind->text.size, sizeof(bind->text.size));
        buffer_add_text(key, bind->text);
        return;
    case BIND_TYPE_NULL:
        break;
    }
}

static void write_key(struct buffer *key, int64_t state, struct text variant, const char *sql,
                      struct binds binds) {
    buffer_add(key, &state, sizeof(state));
    buffer_add(key, &variant.size, sizeof(variant.size));
    buffer_add_text(key, variant);
    buffer_add(key, sql, strlen(sql) + 1);
    for (size_t i = 0; i < binds.count; i++)
        add_bind(key, &binds.values[i]);
}

// What to do about a question: read *ret_kept, work on *ret_entry, or, with neither, ask alone.
static code join(struct scope *scope, struct shared_answers *answers, struct text key,
                 int64_t state, struct kept **ret_kept, struct entry **ret_entry) {
    struct entry *entry;
    code result = OK;

    pthread_mutex_lock(&answers->lock);
    while ((entry = find(answers, key)) && entry->stage == WORKED_ON) {
        const struct timespec deadline = deadline_in_ms(LOOK_MS);

        result = scope_check(scope);
        if (result != OK)
            break;
        pthread_cond_timedwait(&answers->changed, &answers->lock, &deadline);
    }
    if (!entry)
        *ret_entry = add(answers, key, state);
    else if (entry->stage == ANSWERED)
        *ret_kept = kept_hold(entry->kept);
    if (entry && entry->stage == ANSWERED)
        answers->counts.shared++;
    else if (result == OK)
        answers->counts.run++;
    pthread_mutex_unlock(&answers->lock);
    return result;
}

// `kept` NULL: the work failed.
static void settle(struct shared_answers *answers, struct entry *entry, struct kept *kept,
                   bool is_whole) {
    pthread_mutex_lock(&answers->lock);
    if (!kept) {
        remove_entry(answers, entry);
    } else if (is_whole) {
        entry->stage = ANSWERED;
        entry->kept = kept_hold(kept);
        answers->bytes += kept_bytes(kept);
    } else {
        entry->stage = TOO_LARGE_TO_KEEP;
    }
    pthread_cond_broadcast(&answers->changed);
    pthread_mutex_unlock(&answers->lock);
}

static code work_on(struct scope *scope, struct shared_answers *answers, struct entry *entry,
                    const char *sql, struct binds binds, struct rows **ret_rows) {
    struct rows *rows = NULL;
    struct kept *kept = NULL;
    bool is_whole = false;
    code result = lake_query(scope, sql, binds, &rows);

    if (result == OK)
        result = rows_keep(rows, ANSWER_BYTES_MOST, &kept, &is_whole);
    settle(answers, entry, kept, is_whole);
    if (result != OK || is_whole)
        rows_close(&rows);
    if (result == OK)
        *ret_rows = kept_read(scope, kept, rows);
    return result;
}

// 0: while the lake is being built. Where it is views, its state is the newest change, and what
// else decides how they show it.
static code find_state(struct scope *scope, int64_t *ret_state, struct text *ret_variant) {
    const struct store *store = scope->session ? session_store(scope) : NULL;
    int64_t newest = 0;

    *ret_state = 0;
    if (!store || !store->lake)
        return OK;
    if (store->mirror) {
        *ret_state = mirror_state(store->mirror);
    } else {
        TRY(store->lake->engine->state(scope, &newest, ret_variant));
        *ret_state = newest + 1; // 0 of a ledger in which nothing was changed yet
    }
    return OK;
}

code lake_query_shared(struct scope *scope, const char *sql, struct binds binds,
                       struct rows **ret_rows) {
    CLEANUP(buffer_clear) struct buffer key = {0};
    const struct store *store = scope->session ? session_store(scope) : NULL;
    struct shared_answers *answers = store ? store->shared_answers : NULL;
    struct entry *entry = NULL;
    struct kept *kept = NULL;
    struct text variant = {0};
    int64_t state;

    if (scope->session && scope->session->in_lake_snapshot)
        return lake_query(scope, sql, binds, ret_rows);
    TRY(find_state(scope, &state, &variant));
    if (state == 0 || !answers)
        return lake_query(scope, sql, binds, ret_rows);
    write_key(&key, state, variant, sql, binds);
    TRY(join(scope, answers, buffer_text(&key), state, &kept, &entry));
    if (entry)
        return work_on(scope, answers, entry, sql, binds, ret_rows);
    if (!kept)
        return lake_query(scope, sql, binds, ret_rows);
    *ret_rows = kept_read(scope, kept, NULL);
    return OK;
}

code lake_int64_shared(struct scope *scope, const char *sql, struct binds binds, int64_t otherwise,
                       int64_t *ret_value) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(lake_query_shared(scope, sql, binds, &rows));
    found = rows_next(rows);
    TRY(rows_end(rows));
    *ret_value = found && !rows_is_null(rows, 0) ? rows_int64(rows, 0) : otherwise;
    return OK;
}
