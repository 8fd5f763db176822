// SPDX-License-Identifier: Apache-2.0
#include "analyze/regression/regression_level.h"

#include <stdlib.h>

enum { LEVELS_MOST = 60000, NOT_STATED = -1 };

struct entry {
    struct text name;
    int64_t number; // of levels that are numbers; NOT_STATED for NULL
    int64_t row_count;
};

struct level_table {
    enum regression_type type;
    struct entry *entries; // by code
    size_t count, capacity;
    uint32_t *slots; // code + 1, by hash; 0: free
    size_t slot_count;
    uint16_t last; // code of the row before: rows come in runs
};

struct level_table *level_table_new(struct scope *scope, enum regression_type type) {
    struct level_table *table = arena_alloc(&scope->arena, sizeof(*table));

    table->type = type;
    table->slot_count = 64;
    table->slots = arena_array(&scope->arena, table->slot_count, sizeof(*table->slots));
    table->capacity = table->slot_count / 2;
    table->entries = arena_array(&scope->arena, table->capacity, sizeof(*table->entries));
    return table;
}

static size_t find_slot(const struct level_table *table, const struct entry *entry) {
    const uint64_t hash = table->type == REGRESSION_TEXT && entry->number != NOT_STATED
                              ? text_hash(entry->name)
                              : (uint64_t)(entry->number + 2) * 0x9e3779b97f4a7c15u >> 20;
    size_t slot = hash & (table->slot_count - 1);

    while (table->slots[slot] != 0) {
        const struct entry *other = &table->entries[table->slots[slot] - 1];

        if (other->number == entry->number && text_equal(other->name, entry->name))
            break;
        slot = (slot + 1) & (table->slot_count - 1);
    }
    return slot;
}

static void grow(struct scope *scope, struct level_table *table) {
    const struct entry *old = table->entries;

    table->slot_count *= 4;
    table->capacity = table->slot_count / 2;
    table->slots = arena_array(&scope->arena, table->slot_count, sizeof(*table->slots));
    table->entries = arena_array(&scope->arena, table->capacity, sizeof(*table->entries));
    for (size_t i = 0; i < table->count; i++) {
        table->entries[i] = old[i];
        table->slots[find_slot(table, &old[i])] = (uint32_t)i + 1;
    }
}

static code add(struct scope *scope, struct level_table *table, const struct entry *entry,
                uint16_t *ret_code) {
    size_t slot = find_slot(table, entry);

    if (table->slots[slot] == 0) {
        if (table->count == LEVELS_MOST)
            return scope_fail(scope, TOO_LARGE, "a driver has more than %d different values",
                              LEVELS_MOST);
        if (table->count == table->capacity) {
            grow(scope, table);
            slot = find_slot(table, entry);
        }
        table->entries[table->count] = *entry;
        table->entries[table->count].name = text_copy(&scope->arena, entry->name);
        table->slots[slot] = (uint32_t)++table->count;
    }
    table->last = (uint16_t)(table->slots[slot] - 1);
    table->entries[table->last].row_count++;
    *ret_code = table->last;
    return OK;
}

code level_table_code(struct scope *scope, struct level_table *table, const struct rows *rows,
                      size_t column, uint16_t *ret_code) {
    struct entry entry = {.number = 0};
    const struct entry *last = &table->entries[table->last];

    if (rows_is_null(rows, column))
        entry.number = NOT_STATED;
    else if (table->type == REGRESSION_TEXT)
        entry.name = rows_text(rows, column);
    else
        entry.number = rows_int64(rows, column);
    if (table->count > 0 && last->number == entry.number && text_equal(last->name, entry.name)) {
        table->entries[table->last].row_count++;
        *ret_code = table->last;
        return OK;
    }
    return add(scope, table, &entry, ret_code);
}

void level_table_forget(struct level_table *table, uint16_t level) {
    table->entries[level].row_count--;
}

// ---- the final order ----

static int compare_names(const struct entry *a, const struct entry *b) {
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return text_compare(a->name, b->name);
}

static int by_rows(const void *left, const void *right) {
    const struct entry *const *a = left, *const *b = right;

    if ((*a)->row_count != (*b)->row_count)
        return (*a)->row_count > (*b)->row_count ? -1 : 1;
    return compare_names(*a, *b);
}

static int by_number(const void *left, const void *right) {
    const struct entry *const *a = left, *const *b = right;

    return compare_names(*a, *b);
}

static struct text name_of(struct scope *scope, enum regression_type type,
                           const struct entry *entry) {
    static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};

    if (entry->number == NOT_STATED)
        return TEXT("(not stated)");
    if (type == REGRESSION_WEEKDAY)
        return text_of(weekdays[(entry->number + 6) % 7]);
    if (type == REGRESSION_MONTH)
        return text_of(months[(entry->number + 11) % 12]);
    if (type == REGRESSION_HOUR)
        return text_printf(&scope->arena, "%02d:00", (int)entry->number);
    if (type == REGRESSION_YES_NO)
        return entry->number != 0 ? TEXT("yes") : TEXT("no");
    return entry->name.size > 0 ? entry->name : TEXT("(empty)");
}

// The levels that are kept, in their order (a few rows tell nothing about a level): those of text
// by their rows, those that are numbers as they count.
static const struct entry **order(struct scope *scope, const struct level_table *table,
                                  size_t *ret_kept, size_t *ret_merged) {
    const struct entry **entries = arena_array(&scope->arena, table->count + 1, sizeof(*entries));
    size_t count = 0, kept;
    int64_t rows = 0;

    for (size_t i = 0; i < table->count; i++) {
        if (table->entries[i].row_count > 0)
            entries[count++] = &table->entries[i];
        rows += table->entries[i].row_count;
    }
    if (count > 0)
        qsort(entries, count, sizeof(*entries), by_rows);
    kept = count > REGRESSION_LEVELS ? REGRESSION_LEVELS - 1 : count;
    while (kept > 1 && entries[kept - 1]->row_count < REGRESSION_LEVEL_ROWS &&
           entries[kept - 1]->row_count * 50 < rows)
        kept--;
    if (kept + 1 == count)
        kept = count; // a single one need not hide
    if (table->type != REGRESSION_TEXT && kept > 0)
        qsort(entries, kept, sizeof(*entries), by_number);
    *ret_kept = kept;
    *ret_merged = count - kept;
    return entries;
}

void level_table_finish(struct scope *scope, struct level_table *table, uint16_t *codes,
                        size_t row_count, struct regression_column *ret_column,
                        struct regression_level **ret_levels, int64_t *ret_merged) {
    size_t kept, merged;
    const struct entry **entries = order(scope, table, &kept, &merged);
    const size_t count = kept + (merged > 0);
    struct regression_level *levels = arena_array(&scope->arena, count + 1, sizeof(*levels));
    uint16_t *final = arena_array(&scope->arena, table->count + 1, sizeof(*final));
    size_t reference = 0;

    for (size_t i = 0; i < kept + merged; i++) {
        const size_t to = i < kept ? i : kept;

        final[entries[i] - table->entries] = (uint16_t)to;
        levels[to].row_count += entries[i]->row_count;
        levels[to].name = i < kept ? name_of(scope, table->type, entries[i]) : TEXT("(other)");
    }
    for (size_t i = 0; i < row_count; i++)
        codes[i] = final[codes[i]];
    for (size_t i = 1; i < kept; i++)
        if (levels[i].row_count > levels[reference].row_count)
            reference = i;
    *ret_column = (struct regression_column){
        .codes = codes, .level_count = (uint16_t)count, .reference = (uint16_t)reference};
    *ret_levels = levels;
    *ret_merged = (int64_t)merged;
}
