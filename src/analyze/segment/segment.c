// SPDX-License-Identifier: Apache-2.0
// Definitions in the ledger. A definition is kept as it was written and read again whenever it is
// used: a segment that it refers to may have changed since.
#include "analyze/segment/segment.h"

#include "analyze/segment/member.h"
#include "base/name.h"
#include "segment_sql.h"
#include "store/ledger.h"
#include "store/store.h"

// ---- trees ----

struct ledger_library {
    struct segment_library base; // first: the library is this struct
    int64_t changed_at_us;
};

static code find_definition(struct segment_library *library, struct scope *scope, struct text name,
                            const struct json **ret_definition) {
    struct ledger_library *ledger = (struct ledger_library *)library;
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct json *definition;
    bool found;

    TRY(ledger_find(scope, sql_segment_definition, BINDS(BIND_TEXT(name)), &rows, &found));
    if (!found)
        return OK;
    TRY(json_parse_own(scope, text_copy(&scope->arena, rows_text(rows, 0)), &definition));
    if (rows_int64(rows, 1) > ledger->changed_at_us)
        ledger->changed_at_us = rows_int64(rows, 1);
    *ret_definition = definition;
    return OK;
}

code segment_tree(struct scope *scope, const struct json *definition, struct text name,
                  const struct segment_node **ret_tree, int64_t *ret_changed_at_us) {
    struct ledger_library library = {.base.find = find_definition};

    TRY(segment_tree_read(scope, definition, name, &library.base, ret_tree));
    if (ret_changed_at_us)
        *ret_changed_at_us = library.changed_at_us;
    return OK;
}

code segment_tree_of(struct scope *scope, const struct segment *segment,
                     const struct segment_node **ret_tree, int64_t *ret_changed_at_us) {
    struct json *definition;

    TRY(json_parse_own(scope, segment->definition, &definition));
    TRY(segment_tree(scope, definition, segment->name, ret_tree, ret_changed_at_us));
    if (ret_changed_at_us && segment->updated_at_us > *ret_changed_at_us)
        *ret_changed_at_us = segment->updated_at_us;
    return OK;
}

// ---- finding ----

static void segment_from_row(struct scope *scope, const struct rows *rows,
                             struct segment *segment) {
    *segment = (struct segment){
        .id = rows_int64(rows, 0),
        .name = text_copy(&scope->arena, rows_text(rows, 1)),
        .description = text_copy(&scope->arena, rows_text(rows, 2)),
        .definition = text_copy(&scope->arena, rows_text(rows, 3)),
        .created_at_us = rows_int64(rows, 4),
        .updated_at_us = rows_int64(rows, 5),
        .evaluated_at_us = rows_int64(rows, 6),
        .as_of_day = (int32_t)rows_int64(rows, 7),
        .size = rows_int64(rows, 8),
        .entered = rows_int64(rows, 9),
        .departed = rows_int64(rows, 10),
        .change_id = rows_int64(rows, 11),
        .is_live = rows_int64(rows, 12) != 0,
        .is_pinned = rows_int64(rows, 13) != 0,
        .problem = text_copy(&scope->arena, rows_text(rows, 14)),
        .zone = text_copy(&scope->arena, rows_text(rows, 15)),
    };
}

code segment_find(struct scope *scope, struct text name, struct segment *ret_segment) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_segment_find, BINDS(BIND_TEXT(name)), &rows, &found));
    if (found) {
        segment_from_row(scope, rows, ret_segment);
        return OK;
    }
    scope_fail(scope, NOT_FOUND, "there is no segment \"%.*s\"", TEXT_ARG(name));
    return scope_hint(scope, "see the segments there are with: tessera segment list");
}

code segment_list(struct scope *scope, struct segment **ret_segments, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct segment *segments = NULL;
    size_t count = 0, capacity = 0;

    TRY(ledger_query(scope, sql_segment_list, NO_BINDS, &rows));
    while (rows_next(rows)) {
        if (count == capacity) {
            struct segment *larger;

            capacity = capacity > 0 ? 2 * capacity : 16;
            larger = arena_array(&scope->arena, capacity, sizeof(*larger));
            if (count > 0)
                memcpy(larger, segments, count * sizeof(*larger));
            segments = larger;
        }
        segment_from_row(scope, rows, &segments[count++]);
    }
    TRY(rows_end(rows));
    *ret_segments = segments;
    *ret_count = count;
    return OK;
}

// ---- changing ----

static code check_name(struct scope *scope, struct text name) {
    TRY(name_check(scope, name));
    if (text_is(name, "fields") || text_is(name, "count")) // these are places of the API
        return scope_fail_field(scope, INVALID, "name", "\"%.*s\" cannot be a segment's name",
                                TEXT_ARG(name));
    return OK;
}

static struct text written(struct scope *scope, const struct json *definition) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;

    json_writer_init(&writer, &text);
    json_write(&writer, definition);
    return text_copy(&scope->arena, buffer_text(&text));
}

code segment_create(struct scope *scope, struct text name, struct text description,
                    const struct json *definition) {
    const struct segment_node *tree;
    int64_t count;

    TRY(check_name(scope, name));
    TRY(segment_tree(scope, definition, name, &tree, NULL));
    TRY(ledger_change(scope, sql_segment_insert,
                      BINDS(BIND_INT64(store_new_id(scope)), BIND_TEXT(name),
                            BIND_TEXT(description), BIND_TEXT(written(scope, definition)),
                            BIND_INT64(scope->now_us)),
                      &count));
    if (count > 0)
        return OK;
    scope_fail_field(scope, CONFLICT, "name", "there is a segment \"%.*s\" already",
                     TEXT_ARG(name));
    return scope_hint(scope, "choose another name, or change it with: tessera segment update");
}

// Can every segment be evaluated as the definitions are now?
static code check_all(struct scope *scope) {
    struct segment *segments;
    size_t count;

    TRY(segment_list(scope, &segments, &count));
    for (size_t i = 0; i < count; i++) {
        const struct segment_node *tree;

        if (segment_tree_of(scope, &segments[i], &tree, NULL) != OK)
            return scope_detail(scope, "segment \"%.*s\" refers to it and could not be evaluated",
                                TEXT_ARG(segments[i].name));
    }
    return OK;
}

static code write_update(struct scope *scope, const struct segment *segment,
                         struct text description, const struct json *definition) {
    const struct segment_node *tree;
    struct text text = segment->definition;

    if (definition) {
        TRY(segment_tree(scope, definition, segment->name, &tree, NULL));
        text = written(scope, definition);
    }
    TRY(ledger_exec(scope, sql_segment_update,
                    BINDS(BIND_INT64(segment->id), BIND_TEXT(description), BIND_TEXT(text),
                          BIND_INT64(definition ? scope->now_us : segment->updated_at_us))));
    return definition ? check_all(scope) : OK;
}

static code update_row(struct scope *scope, struct text name, struct text description,
                       const struct json *definition) {
    struct segment segment = {0};

    TRY(segment_find(scope, name, &segment));
    return write_update(scope, &segment, description.data ? description : segment.description,
                        definition);
}

code segment_update(struct scope *scope, struct text name, struct text description,
                    const struct json *definition) {
    if (ledger_in_transaction(scope))
        return update_row(scope, name, description, definition);
    TRY(ledger_begin(scope));
    return ledger_end(scope, update_row(scope, name, description, definition));
}

code segment_set_live(struct scope *scope, struct text name, bool is_live) {
    struct segment segment = {0};

    TRY(segment_find(scope, name, &segment));
    return ledger_exec(scope, sql_segment_set_live,
                       BINDS(BIND_INT64(segment.id), BIND_INT64(is_live)));
}

static bool refers_to(const struct json *json, struct text name) {
    for (const struct json *child = json->first; child; child = child->next) {
        if (text_is(child->key, "segment") && child->type == JSON_STRING &&
            text_equal(child->string, name))
            return true;
        if (refers_to(child, name))
            return true;
    }
    return false;
}

static code check_unused(struct scope *scope, struct text name) {
    struct segment *segments;
    struct json *definition;
    size_t count;

    TRY(segment_list(scope, &segments, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(json_parse_own(scope, segments[i].definition, &definition));
        if (refers_to(definition, name))
            return scope_fail(scope, CONFLICT, "segment \"%.*s\" refers to \"%.*s\"",
                              TEXT_ARG(segments[i].name), TEXT_ARG(name));
    }
    return OK;
}

static code delete_rows(struct scope *scope, struct text name) {
    struct segment segment = {0};

    TRY(segment_find(scope, name, &segment));
    TRY(check_unused(scope, name));
    TRY(ledger_exec(scope, sql_segment_delete_members, BINDS(BIND_INT64(segment.id))));
    TRY(ledger_exec(scope, sql_segment_delete_history, BINDS(BIND_INT64(segment.id))));
    TRY(ledger_exec(scope, sql_segment_delete_follow, BINDS(BIND_INT64(segment.id))));
    TRY(members_say_all(scope, segment.id));
    return ledger_exec(scope, sql_segment_delete, BINDS(BIND_INT64(segment.id)));
}

code segment_delete(struct scope *scope, struct text name) {
    if (ledger_in_transaction(scope))
        return delete_rows(scope, name);
    TRY(ledger_begin(scope));
    return ledger_end(scope, delete_rows(scope, name));
}
