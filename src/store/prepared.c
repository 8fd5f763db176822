// SPDX-License-Identifier: Apache-2.0
#include "store/ledger_engine.h"

#include <stdlib.h>
#include <string.h>

struct prepared *prepared_new(struct scope *scope, size_t size, const char *sql,
                              const struct rows_methods *methods) {
    struct prepared *prepared = calloc(1, size);

    if (prepared) {
        prepared->rows.methods = methods;
        prepared->sql = sql;
        prepared->text = strdup(sql);
        if (prepared->text)
            return prepared;
    }
    free(prepared);
    scope_fail(scope, UNAVAILABLE, "out of memory");
    return NULL;
}

static size_t bucket_of(const char *sql) {
    const uint64_t mixed = (uint64_t)(uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15);

    return (mixed >> 32) & (PREPARED_BUCKETS - 1);
}

struct prepared *prepared_find(const struct prepared_set *set, const char *sql) {
    for (struct prepared *found = set->buckets[bucket_of(sql)]; found; found = found->next)
        if (found->sql == sql && !found->busy && strcmp(found->text, sql) == 0)
            return found;
    return NULL;
}

void prepared_free(struct prepared_set *set, struct prepared *prepared) {
    set->clear(prepared);
    free(prepared->text);
    free(prepared);
}

static void drop(struct prepared_set *set, struct prepared **place) {
    struct prepared *prepared = *place;

    *place = prepared->next;
    prepared_free(set, prepared);
    set->count--;
}

// Texts that live in an arena leave statements behind that nothing will ask for again.
static void drop_idle(struct prepared_set *set) {
    for (size_t i = 0; i < PREPARED_BUCKETS; i++)
        for (struct prepared **place = &set->buckets[i]; *place;)
            if ((*place)->busy)
                place = &(*place)->next;
            else
                drop(set, place);
}

void prepared_keep(struct prepared_set *set, struct prepared *prepared) {
    struct prepared **bucket = &set->buckets[bucket_of(prepared->sql)];

    if (set->count >= (set->most > 0 ? set->most : PREPARED_KEPT))
        drop_idle(set);
    prepared->next = *bucket;
    *bucket = prepared;
    set->count++;
}

void prepared_clear(struct prepared_set *set) {
    for (size_t i = 0; i < PREPARED_BUCKETS; i++)
        while (set->buckets[i])
            drop(set, &set->buckets[i]);
}
