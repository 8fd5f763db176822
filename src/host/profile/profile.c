// SPDX-License-Identifier: Apache-2.0
// Who says what of whom, and the bounded memory of it that keeps repeated rows cheap: per subject,
// what the running import said last.
#include "host/profile/profile.h"

#include "base/pages.h"
#include "host/customer/search_term.h"
#include "host/identity/identity.h"
#include "host/profile/layer.h"
#include "profile_sql.h"
#include "store/ledger.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    CODE_COUNT_REMEMBERED = 1 << 18,
    CODE_WAYS = 4, // places where one may stand
    CUSTOMER_COUNT_REMEMBERED = 1 << 16,
    CODE_BYTES = 42, // longer codes are not remembered, only looked up
};

// What the running import said of a subject lately. In passing, the names alone matter: the first
// value of each stays. Said of the subject itself, the values matter, too. Two, because rows with
// and without some field often alternate.
struct said {
    int64_t import_id;
    uint64_t hashes[2];
};

// A slot of another era than the profiles' is empty.
struct code_slot {
    int64_t id;
    struct said said;
    uint32_t era; // 0: never written
    uint8_t subject;
    uint8_t code_size;
    char subject_code[CODE_BYTES];
};

struct customer_slot {
    int64_t origin;
    int64_t era;
    struct said said;
};

struct profiles {
    struct code_slot *codes;
    struct customer_slot *customers;
    uint32_t turn; // whose place is taken next
    uint32_t code_era;
    int64_t customer_era;
    int64_t epoch; // of profile_epoch that the slots are true for; -1: none
};

static void *must_have(void *memory) {
    if (memory)
        return memory;
    fputs("tessera: out of memory\n", stderr);
    abort();
}

struct profiles *profiles_new(void) {
    struct profiles *profiles = must_have(calloc(1, sizeof(*profiles)));

    profiles->codes = pages_new(CODE_COUNT_REMEMBERED, sizeof(*profiles->codes));
    profiles->customers = pages_new(CUSTOMER_COUNT_REMEMBERED, sizeof(*profiles->customers));
    profiles_forget(profiles);
    return profiles;
}

void profiles_free(struct profiles *profiles) {
    if (!profiles)
        return;
    pages_free(profiles->codes, CODE_COUNT_REMEMBERED, sizeof(*profiles->codes));
    pages_free(profiles->customers, CUSTOMER_COUNT_REMEMBERED, sizeof(*profiles->customers));
    free(profiles);
}

void profiles_forget(struct profiles *profiles) {
    profiles->code_era++;
    profiles->customer_era++;
    profiles->epoch = -1;
}

code profiles_begin(struct scope *scope, struct profiles *profiles, bool others_speak) {
    int64_t epoch;

    TRY(ledger_int64(scope, sql_profile_epoch_read, NO_BINDS, 0, &epoch));
    if (epoch != profiles->epoch)
        profiles_forget(profiles);
    if (others_speak)
        profiles->customer_era++;
    profiles->epoch = epoch;
    return OK;
}

code profiles_outdate_others(struct scope *scope, struct profiles *profiles) {
    int64_t epoch;

    TRY(ledger_int64(scope, sql_profile_epoch_bump, NO_BINDS, 0, &epoch));
    if (profiles)
        profiles->epoch = epoch;
    return OK;
}

// ---- what was said lately ----

static uint64_t mix(uint64_t hash, uint64_t more) {
    hash ^= more;
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 31);
}

// 0 when no field says anything.
static uint64_t hash_of(enum profile_strength strength, const struct profile_field *fields,
                        size_t field_count) {
    uint64_t hash = 0;

    for (size_t i = 0; i < field_count; i++) {
        if (fields[i].value.size == 0)
            continue;
        hash = mix(hash, text_hash(fields[i].name));
        if (strength == SAID_OF_IT)
            hash = mix(hash, text_hash(fields[i].value));
        hash = mix(hash, (uint64_t)strength + 1) | 1;
    }
    return hash;
}

static bool is_said(const struct said *said, int64_t import_id, uint64_t hash) {
    return hash == 0 ||
           (said->import_id == import_id && (said->hashes[0] == hash || said->hashes[1] == hash));
}

// Of the subject itself only what was said last is remembered: an older value said again is news.
static void note_said(struct said *said, int64_t import_id, enum profile_strength strength,
                      uint64_t hash) {
    const bool keep = said->import_id == import_id && strength == SAID_IN_PASSING;

    if (hash == 0)
        return;
    *said = (struct said){.import_id = import_id, .hashes = {hash, keep ? said->hashes[0] : 0}};
}

// ---- layers ----

// The layer of the fields that say something, in the arena.
static code layer_of(struct scope *scope, enum profile_subject kind, int64_t subject,
                     int64_t import_id, enum profile_strength strength,
                     const struct profile_field *fields, size_t field_count,
                     struct layer *ret_layer) {
    struct profile_field *said = arena_array(&scope->arena, field_count + 1, sizeof(*said));
    size_t count = 0;

    TRY(layer_check(scope, kind, fields, field_count));
    for (size_t i = 0; i < field_count; i++) {
        size_t known = 0;

        while (known < count && !text_equal(said[known].name, fields[i].name))
            known++;
        if (fields[i].value.size == 0)
            continue;
        said[known] = fields[i];
        count += known == count;
    }
    *ret_layer = (struct layer){.kind = kind,
                                .subject = subject,
                                .import_id = import_id,
                                .strength = strength,
                                .fields = said,
                                .field_count = count};
    return OK;
}

// Put the layer and fold `row`, the subject's present row (a customer's may be another origin's).
static code put_and_fold(struct scope *scope, const struct layer *layer, int64_t row,
                         bool *ret_changed) {
    enum layer_effect effect;

    TRY(layer_put(scope, layer, &effect));
    if (effect != LAYER_SAME)
        return layer_fold(scope, layer->kind, row, effect == LAYER_MADE ? layer : NULL,
                          ret_changed);
    *ret_changed = false;
    return OK;
}

// ---- products, stores, staff ----

static const struct {
    const char *find, *insert;
} code_sql[] = {
    [PROFILE_PRODUCT] = {sql_profile_find_product, sql_profile_insert_product},
    [PROFILE_STORE] = {sql_profile_find_store, sql_profile_insert_store},
    [PROFILE_STAFF] = {sql_profile_find_staff, sql_profile_insert_staff},
};

static bool code_slot_holds(const struct profiles *profiles, const struct code_slot *slot,
                            enum profile_subject subject, struct text subject_code) {
    return slot->era == profiles->code_era && slot->subject == subject &&
           slot->code_size == subject_code.size &&
           memcmp(slot->subject_code, subject_code.data, subject_code.size) == 0;
}

// Where it stands, else where it may: a free place, or that of any of the others.
static struct code_slot *code_slot_of(struct profiles *profiles, enum profile_subject subject,
                                      struct text subject_code) {
    const uint64_t hash = mix(text_hash(subject_code), (uint64_t)subject);
    struct code_slot *ways = &profiles->codes[hash & (CODE_COUNT_REMEMBERED - CODE_WAYS)];
    struct code_slot *other = &ways[profiles->turn++ % CODE_WAYS];

    for (size_t i = 0; i < CODE_WAYS; i++) {
        if (code_slot_holds(profiles, &ways[i], subject, subject_code))
            return &ways[i];
        if (ways[i].era != profiles->code_era)
            other = &ways[i];
    }
    return other;
}

static void code_remember(const struct profiles *profiles, struct code_slot *slot,
                          enum profile_subject subject, struct text subject_code, int64_t id) {
    if (subject_code.size > CODE_BYTES || code_slot_holds(profiles, slot, subject, subject_code))
        return;
    *slot = (struct code_slot){.id = id,
                               .era = profiles->code_era,
                               .subject = (uint8_t)subject,
                               .code_size = (uint8_t)subject_code.size};
    memcpy(slot->subject_code, subject_code.data, subject_code.size);
}

static code find_or_create(struct scope *scope, enum profile_subject subject,
                           struct text subject_code, int64_t import_id, int64_t *ret_id,
                           bool *ret_created) {
    int64_t id;

    TRY(ledger_int64(scope, code_sql[subject].find, BINDS(BIND_TEXT(subject_code)), 0, &id));
    *ret_created = id == 0;
    if (id == 0) {
        id = store_new_id(scope);
        TRY(ledger_exec(scope, code_sql[subject].insert,
                        BINDS(BIND_INT64(id), BIND_INT64(import_id), BIND_TEXT(subject_code))));
        TRY(change_record(scope, layer_change_table(subject), CHANGE_CREATED, id, id));
    }
    *ret_id = id;
    return OK;
}

static code say(struct scope *scope, enum profile_subject subject, int64_t id, int64_t import_id,
                enum profile_strength strength, const struct profile_field *fields,
                size_t field_count, bool *ret_changed) {
    int64_t row = id;
    struct layer layer;

    TRY(layer_of(scope, subject, id, import_id, strength, fields, field_count, &layer));
    if (subject == PROFILE_CUSTOMER)
        TRY(identity_customer_of(scope, id, &row));
    return put_and_fold(scope, &layer, row, ret_changed);
}

code profiles_put_code(struct scope *scope, struct profiles *profiles, enum profile_subject subject,
                       struct text subject_code, int64_t import_id, enum profile_strength strength,
                       const struct profile_field *fields, size_t field_count, int64_t *ret_id,
                       enum profile_effect *ret_effect) {
    const uint64_t hash = hash_of(strength, fields, field_count);
    struct code_slot *slot = code_slot_of(profiles, subject, subject_code);
    const bool known = code_slot_holds(profiles, slot, subject, subject_code);
    struct arena_mark mark;
    bool created = false, changed = false;
    int64_t id = slot->id;
    code result = OK;

    if (known && is_said(&slot->said, import_id, hash)) {
        *ret_id = id;
        *ret_effect = PROFILE_UNCHANGED;
        return OK;
    }
    if (!known)
        TRY(find_or_create(scope, subject, subject_code, import_id, &id, &created));
    mark = arena_mark(&scope->arena);
    if (hash != 0)
        result = say(scope, subject, id, import_id, strength, fields, field_count, &changed);
    arena_rewind(&scope->arena, mark);
    TRY(result);
    code_remember(profiles, slot, subject, subject_code, id);
    if (code_slot_holds(profiles, slot, subject, subject_code))
        note_said(&slot->said, import_id, strength, hash);
    *ret_id = id;
    *ret_effect = created ? PROFILE_CREATED : changed ? PROFILE_UPDATED : PROFILE_UNCHANGED;
    return OK;
}

// ---- customers ----

code profiles_put_customer(struct scope *scope, struct profiles *profiles, int64_t origin,
                           int64_t import_id, enum profile_strength strength,
                           const struct profile_field *fields, size_t field_count,
                           enum profile_effect *ret_effect) {
    const uint64_t hash = hash_of(strength, fields, field_count);
    struct customer_slot *slot =
        &profiles->customers[mix(0, (uint64_t)origin) & (CUSTOMER_COUNT_REMEMBERED - 1)];
    struct arena_mark mark;
    const bool is_known = slot->era == profiles->customer_era && slot->origin == origin;
    bool changed;
    code result;

    if (hash == 0 || (is_known && is_said(&slot->said, import_id, hash))) {
        *ret_effect = PROFILE_UNCHANGED;
        return OK;
    }
    mark = arena_mark(&scope->arena);
    result =
        say(scope, PROFILE_CUSTOMER, origin, import_id, strength, fields, field_count, &changed);
    arena_rewind(&scope->arena, mark);
    TRY(result);
    if (!is_known)
        *slot = (struct customer_slot){.origin = origin, .era = profiles->customer_era};
    note_said(&slot->said, import_id, strength, hash);
    *ret_effect = changed ? PROFILE_UPDATED : PROFILE_UNCHANGED;
    return OK;
}

code profile_fold_customer(struct scope *scope, int64_t customer) {
    bool changed;

    return layer_fold(scope, PROFILE_CUSTOMER, customer, NULL, &changed);
}

// ---- taking an import back ----

static code record_removed(struct scope *scope, const char *sql, struct binds binds,
                           enum change_table table) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql, binds, &rows));
    while (rows_next(rows))
        TRY(change_record(scope, table, CHANGE_UPDATED, rows_int64(rows, 0), rows_int64(rows, 0)));
    return rows_end(rows);
}

// A product that an import brought; ids ascend.
struct brought {
    int64_t id;
    bool is_unused;
};

static code read_brought(struct scope *scope, int64_t import_id, struct buffer *products,
                         bool *ret_any_unused) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool any = false;

    TRY(ledger_query(scope, sql_profile_products_of_import, BINDS(BIND_INT64(import_id)), &rows));
    while (rows_next(rows)) {
        const struct brought product = {rows_int64(rows, 0), rows_int64(rows, 1) != 0};

        any |= product.is_unused;
        buffer_add(products, &product, sizeof(product));
    }
    *ret_any_unused = any;
    return rows_end(rows);
}

static int compare_brought(const void *a, const void *b) {
    const int64_t first = ((const struct brought *)a)->id, second = ((const struct brought *)b)->id;

    return (first > second) - (first < second);
}

static void mark_used(struct text list, struct brought *products, size_t count) {
    while (list.size > 0) {
        struct brought key = {0}, *found;

        if (!text_to_int64(text_split(list, ',', &list), &key.id))
            continue;
        found = bsearch(&key, products, count, sizeof(*products), compare_brought);
        if (found)
            found->is_unused = false;
    }
}

// Lists of products are read here: no SQL takes them apart on both stores.
static code mark_listed(struct scope *scope, struct brought *products, size_t count) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_profile_product_lists, NO_BINDS, &rows));
    while (rows_next(rows))
        mark_used(rows_text(rows, 0), products, count);
    return rows_end(rows);
}

// Run by run: those of one import mostly go all together, in one statement.
static code remove_products(struct scope *scope, int64_t import_id) {
    CLEANUP(buffer_clear) struct buffer read = {0};
    struct brought *products;
    bool any_unused;
    size_t count;

    TRY(read_brought(scope, import_id, &read, &any_unused));
    if (!any_unused)
        return OK;
    products = (struct brought *)(void *)read.data;
    count = read.size / sizeof(*products);
    TRY(mark_listed(scope, products, count));
    for (size_t first = 0, end; first < count; first = end) {
        end = first + 1;
        if (!products[first].is_unused)
            continue;
        while (end < count && products[end].is_unused)
            end++;
        TRY(record_removed(scope, sql_profile_delete_products,
                           BINDS(BIND_INT64(import_id), BIND_INT64(products[first].id),
                                 BIND_INT64(products[end - 1].id)),
                           CHANGE_PRODUCT));
    }
    return OK;
}

// Subjects that lost a layer, in the buffer as pairs of kind and id.
static code read_subjects(struct scope *scope, int64_t import_id, struct buffer *subjects) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_profile_subjects_of_import, BINDS(BIND_INT64(import_id)), &rows));
    while (rows_next(rows)) {
        const int64_t pair[] = {rows_int64(rows, 0), rows_int64(rows, 1)};

        buffer_add(subjects, pair, sizeof(pair));
    }
    return rows_end(rows);
}

static code fold_again(struct scope *scope, enum profile_subject kind, int64_t subject) {
    bool changed;

    if (kind == PROFILE_CUSTOMER)
        TRY(identity_customer_of(scope, subject, &subject));
    return layer_fold(scope, kind, subject, NULL, &changed);
}

code profile_undo_import(struct scope *scope, int64_t import_id) {
    const struct binds by_import = BINDS(BIND_INT64(import_id));
    CLEANUP(buffer_clear) struct buffer subjects = {0};

    TRY(read_subjects(scope, import_id, &subjects));
    TRY(ledger_exec(scope, sql_profile_delete_layers, by_import));
    TRY(remove_products(scope, import_id));
    TRY(record_removed(scope, sql_profile_delete_staff, by_import, CHANGE_STAFF));
    TRY(record_removed(scope, sql_profile_delete_stores, by_import, CHANGE_STORE));
    for (size_t at = 0; at < subjects.size; at += 2 * sizeof(int64_t)) {
        int64_t pair[2];

        memcpy(pair, subjects.data + at, sizeof(pair));
        TRY(fold_again(scope, (enum profile_subject)pair[0], pair[1]));
    }
    TRY(ledger_exec(scope, sql_profile_hand_over_products, by_import));
    TRY(ledger_exec(scope, sql_profile_hand_over_stores, by_import));
    TRY(ledger_exec(scope, sql_profile_hand_over_staff, by_import));
    return profiles_outdate_others(scope, NULL);
}
