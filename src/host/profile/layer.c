// SPDX-License-Identifier: Apache-2.0
// A layer is a JSON object of texts. Folding lays the layers in order of weight, takes the first
// value of each name, and writes the subject's row: names that are columns there, all others into
// `attributes`.
#include "host/profile/layer.h"

#include "base/json.h"
#include "base/limits.h"
#include "host/customer/search_term.h"
#include "profile_sql.h"
#include "store/ledger.h"

#include <stdlib.h>

enum { COLUMNS_MOST = 12 };

struct profile_column {
    const char *name;
    bool integer;
};

// The columns of each subject's table, in the order in which its profile_write_* block binds them.
static const struct subject_table {
    enum profile_subject kind;
    enum change_table change;
    const char *sql_write;
    struct profile_column columns[COLUMNS_MOST + 1]; // ends with a NULL name
} subject_tables[] = {
    {PROFILE_CUSTOMER,
     CHANGE_CUSTOMER,
     sql_profile_write_customer,
     {{"name", false},
      {"given_name", false},
      {"family_name", false},
      {"company", false},
      {"birth_day", true},
      {"gender", false},
      {"language", false},
      {"street", false},
      {"postal_code", false},
      {"city", false},
      {"region", false},
      {"country", false}}},
    {PROFILE_PRODUCT,
     CHANGE_PRODUCT,
     sql_profile_write_product,
     {{"name", false},
      {"category", false},
      {"brand", false},
      {"vat_rate_bp", true},
      {"price_micros", true}}},
    {PROFILE_STORE,
     CHANGE_STORE,
     sql_profile_write_store,
     {{"name", false}, {"city", false}, {"region", false}, {"country", false}}},
    {PROFILE_STAFF,
     CHANGE_STAFF,
     sql_profile_write_staff,
     {{"name", false}, {"store_id", true}, {"role", false}}},
};

static const struct subject_table *table_of(enum profile_subject kind) {
    return &subject_tables[kind - PROFILE_CUSTOMER];
}

enum change_table layer_change_table(enum profile_subject kind) {
    return table_of(kind)->change;
}

static const struct profile_column *column_of(const struct subject_table *table, struct text name) {
    for (const struct profile_column *column = table->columns; column->name; column++)
        if (text_is(name, column->name))
            return column;
    return NULL;
}

code layer_check(struct scope *scope, enum profile_subject kind, const struct profile_field *fields,
                 size_t field_count) {
    for (size_t i = 0; i < field_count; i++) {
        const struct profile_column *column = column_of(table_of(kind), fields[i].name);
        int64_t value;

        if (column && column->integer && fields[i].value.size > 0 &&
            !text_to_int64(fields[i].value, &value))
            return scope_fail_field(scope, INVALID, column->name,
                                    "\"%.*s\" is no whole number, which %s must be",
                                    TEXT_ARG(fields[i].value), column->name);
    }
    return OK;
}

// ---- layers as JSON ----

static void write_fields(struct buffer *out, const struct profile_field *fields,
                         size_t field_count) {
    struct json_writer writer;

    json_writer_init(&writer, out);
    json_begin_object(&writer);
    for (size_t i = 0; i < field_count; i++) {
        json_key_text(&writer, fields[i].name);
        json_write_text(&writer, fields[i].value);
    }
    json_end_object(&writer);
}

static code read_fields(struct scope *scope, struct text text, struct profile_field **ret_fields,
                        size_t *ret_count) {
    struct profile_field *fields;
    struct json *object;
    size_t count = 0;

    TRY(json_parse(scope, text, &object));
    fields = arena_array(&scope->arena, object->count + 1, sizeof(*fields));
    for (const struct json *member = object->first; member; member = member->next)
        fields[count++] = (struct profile_field){.name = member->key,
                                                 .value = json_scalar_text(&scope->arena, member)};
    *ret_fields = fields;
    *ret_count = count;
    return OK;
}

static code insert_layer(struct scope *scope, const struct layer *layer) {
    CLEANUP(buffer_clear) struct buffer fields = {0};

    write_fields(&fields, layer->fields, layer->field_count);
    return ledger_exec(scope, sql_profile_insert_layer,
                       BINDS(BIND_INT64(layer->kind), BIND_INT64(layer->subject),
                             BIND_INT64(layer->import_id), BIND_INT64(layer->strength),
                             BIND_TEXT(buffer_text(&fields))));
}

static struct profile_field *field_named(struct profile_field *fields, size_t count,
                                         struct text name) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(fields[i].name, name))
            return &fields[i];
    return NULL;
}

// `fields` has room for the layer's, too.
static bool merge_fields(struct profile_field *fields, size_t *count, const struct layer *layer) {
    bool changed = false;

    for (size_t i = 0; i < layer->field_count; i++) {
        const struct profile_field *said = &layer->fields[i];
        struct profile_field *present = field_named(fields, *count, said->name);

        if (!present) {
            fields[(*count)++] = *said;
            changed = true;
        } else if (layer->strength == SAID_OF_IT && !text_equal(present->value, said->value)) {
            present->value = said->value;
            changed = true;
        }
    }
    return changed;
}

static code update_layer(struct scope *scope, const struct layer *layer, int64_t strength,
                         struct text present, enum layer_effect *ret_effect) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct profile_field *said, *fields;
    size_t count;
    bool changed;

    TRY(read_fields(scope, present, &said, &count));
    fields = arena_array(&scope->arena, count + layer->field_count, sizeof(*fields));
    if (count > 0)
        memcpy(fields, said, count * sizeof(*fields));
    changed = merge_fields(fields, &count, layer) || (int64_t)layer->strength > strength;
    *ret_effect = changed ? LAYER_MERGED : LAYER_SAME;
    if (!changed)
        return OK;
    write_fields(&text, fields, count);
    return ledger_exec(
        scope, sql_profile_update_layer,
        BINDS(BIND_INT64(layer->kind), BIND_INT64(layer->subject), BIND_INT64(layer->import_id),
              BIND_INT64((int64_t)layer->strength > strength ? layer->strength : strength),
              BIND_TEXT(buffer_text(&text))));
}

code layer_put(struct scope *scope, const struct layer *layer, enum layer_effect *ret_effect) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(
        scope, sql_profile_layer,
        BINDS(BIND_INT64(layer->kind), BIND_INT64(layer->subject), BIND_INT64(layer->import_id)),
        &rows, &found));
    if (found)
        return update_layer(scope, layer, rows_int64(rows, 0), rows_text(rows, 1), ret_effect);
    *ret_effect = LAYER_MADE;
    return insert_layer(scope, layer);
}

// ---- the fold ----

struct weighed_field {
    struct profile_field field;
    size_t weight; // smaller counts more
};

struct fold {
    struct weighed_field *fields;
    size_t count;
    size_t capacity;
};

static void fold_add(struct scope *scope, struct fold *fold, const struct profile_field *fields,
                     size_t count) {
    if (fold->count + count > fold->capacity) {
        const size_t capacity = (fold->count + count) * 2;
        struct weighed_field *grown = arena_array(&scope->arena, capacity, sizeof(*grown));

        if (fold->count > 0)
            memcpy(grown, fold->fields, fold->count * sizeof(*grown));
        fold->fields = grown;
        fold->capacity = capacity;
    }
    for (size_t i = 0; i < count; i++) {
        fold->fields[fold->count] =
            (struct weighed_field){.field = fields[i], .weight = fold->count};
        fold->count++;
    }
}

static int compare_weighed(const void *a, const void *b) {
    const struct weighed_field *field_a = a;
    const struct weighed_field *field_b = b;
    const int order = text_compare(field_a->field.name, field_b->field.name);

    return order != 0 ? order
                      : (field_a->weight > field_b->weight) - (field_a->weight < field_b->weight);
}

// One value per name, by name.
static void fold_settle(struct fold *fold) {
    size_t kept = 0;

    if (fold->count > 0)
        qsort(fold->fields, fold->count, sizeof(*fold->fields), compare_weighed);
    for (size_t i = 0; i < fold->count; i++)
        if (kept == 0 || !text_equal(fold->fields[kept - 1].field.name, fold->fields[i].field.name))
            fold->fields[kept++] = fold->fields[i];
    fold->count = kept;
}

static code read_layers(struct scope *scope, enum profile_subject kind, int64_t subject,
                        const struct layer *fresh, struct fold *fold) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    if (kind == PROFILE_CUSTOMER)
        TRY(ledger_query(scope, sql_profile_layers_of_customer, BINDS(BIND_INT64(subject)), &rows));
    else
        TRY(ledger_query(scope, sql_profile_layers, BINDS(BIND_INT64(kind), BIND_INT64(subject)),
                         &rows));
    while (rows_next(rows)) {
        struct profile_field *fields;
        size_t count;

        if (fresh && rows_int64(rows, 0) == fresh->subject &&
            rows_int64(rows, 1) == fresh->import_id) {
            fold_add(scope, fold, fresh->fields, fresh->field_count);
            continue;
        }
        TRY(read_fields(scope, rows_text(rows, 2), &fields, &count));
        fold_add(scope, fold, fields, count);
    }
    return rows_end(rows);
}

static struct text fold_value(const struct fold *fold, const char *name) {
    for (size_t i = 0; i < fold->count; i++)
        if (text_is(fold->fields[i].field.name, name))
            return fold->fields[i].field.value;
    return (struct text){0};
}

// A customer whose name nobody wrote in one piece is called by the pieces, or by the company.
static struct text name_of_parts(struct scope *scope, const struct fold *fold) {
    const struct text given = fold_value(fold, "given_name");
    const struct text family = fold_value(fold, "family_name");

    if (given.size > 0 && family.size > 0)
        return text_printf(&scope->arena, "%.*s %.*s", TEXT_ARG(given), TEXT_ARG(family));
    if (given.size > 0 || family.size > 0)
        return given.size > 0 ? given : family;
    return fold_value(fold, "company");
}

static struct bind bind_column(const struct profile_column *column, struct text value) {
    int64_t number = 0;

    if (!column->integer)
        return BIND_TEXT_OR_NULL(value);
    return BIND_INT64_IF(value.size > 0 && text_to_int64(value, &number), number);
}

// The members that are no columns, as JSON; empty when there are none.
static void write_attributes(const struct subject_table *table, const struct fold *fold,
                             struct buffer *out) {
    struct json_writer writer;
    bool any = false;

    json_writer_init(&writer, out);
    for (size_t i = 0; i < fold->count; i++) {
        if (column_of(table, fold->fields[i].field.name))
            continue;
        if (!any)
            json_begin_object(&writer);
        any = true;
        json_key_text(&writer, fold->fields[i].field.name);
        json_write_text(&writer, fold->fields[i].field.value);
    }
    if (any)
        json_end_object(&writer);
}

static code write_row(struct scope *scope, enum profile_subject kind, int64_t subject,
                      const struct fold *fold, int64_t *ret_changed) {
    const struct subject_table *table = table_of(kind);
    struct bind binds[COLUMNS_MOST + 2] = {BIND_INT64(subject)};
    CLEANUP(buffer_clear) struct buffer attributes = {0};
    size_t count = 1;

    for (const struct profile_column *column = table->columns; column->name; column++)
        binds[count++] = bind_column(column, fold_value(fold, column->name));
    if (kind == PROFILE_CUSTOMER && binds[1].type == BIND_TYPE_NULL)
        binds[1] = BIND_TEXT_OR_NULL(name_of_parts(scope, fold));
    write_attributes(table, fold, &attributes);
    binds[count++] = BIND_TEXT_OR_NULL(buffer_text(&attributes));
    return ledger_change(scope, table->sql_write, (struct binds){.values = binds, .count = count},
                         ret_changed);
}

// ---- search terms follow the names ----

enum { NAME_COLUMNS = 4 };

struct names {
    struct text column[NAME_COLUMNS];
};

static code read_names(struct scope *scope, int64_t customer, struct names *ret_names) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct names names = {0};
    bool found;

    TRY(ledger_find(scope, sql_profile_customer_names, BINDS(BIND_INT64(customer)), &rows, &found));
    for (size_t i = 0; found && i < NAME_COLUMNS; i++)
        names.column[i] = text_copy(&scope->arena, rows_text(rows, i));
    *ret_names = names;
    return OK;
}

// Names that were blank only gain words; names that changed lose some, too.
static code follow_names(struct scope *scope, int64_t customer, const struct names *before) {
    struct names after;
    bool changed = false;
    bool lost = false;

    TRY(read_names(scope, customer, &after));
    for (size_t i = 0; i < NAME_COLUMNS; i++) {
        const bool differs = !text_equal(before->column[i], after.column[i]);

        changed = changed || differs;
        lost = lost || (differs && before->column[i].size > 0);
    }
    if (lost)
        return search_terms_rebuild(scope, customer);
    for (size_t i = 0; changed && i < NAME_COLUMNS; i++)
        TRY(search_terms_add_text(scope, customer, after.column[i]));
    return OK;
}

static code fold_subject(struct scope *scope, enum profile_subject kind, int64_t subject,
                         const struct layer *fresh, bool *ret_changed) {
    struct fold fold = {0};
    struct names names = {0};
    int64_t changed;

    TRY(read_layers(scope, kind, subject, fresh, &fold));
    fold_settle(&fold);
    if (kind == PROFILE_CUSTOMER)
        TRY(read_names(scope, subject, &names));
    TRY(write_row(scope, kind, subject, &fold, &changed));
    *ret_changed = changed > 0;
    if (changed == 0)
        return OK;
    if (kind == PROFILE_CUSTOMER)
        TRY(follow_names(scope, subject, &names));
    return change_record(scope, table_of(kind)->change, CHANGE_UPDATED, subject, subject);
}

code layer_fold(struct scope *scope, enum profile_subject kind, int64_t subject,
                const struct layer *fresh, bool *ret_changed) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const code result = fold_subject(scope, kind, subject, fresh, ret_changed);

    arena_rewind(&scope->arena, mark);
    return result;
}
