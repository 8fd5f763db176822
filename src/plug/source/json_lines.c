// SPDX-License-Identifier: Apache-2.0
// The tree of a line, and what is written from it, live in a scope of the reader's own, rewound for
// each record: the caller's scope may be one for a whole import.
#include "plug/source/json_lines.h"

#include "base/limits.h"
#include "plug/source/format.h"

#include <stdlib.h>

enum {
    NAME_SLOTS = 4096, // at least twice LIMIT_RECORD_FIELDS
    USUAL_TREE_BYTES = 64 << 10,
};

struct json_lines {
    struct json_visitor visitor; // first: the visitor is the reader
    const struct source_column *columns;
    size_t column_count;
    bool has_extra;             // the last column takes members that are no column
    uint16_t slots[NAME_SLOTS]; // column index + 1 by the hash of its name; 0: free
    size_t expected;            // members mostly come in the order of the columns
    struct json_reader *reader;
    struct scope own;
    struct arena_mark empty; // own's arena with room for the usual line
    struct text *fields;     // heap
    bool *is_set;            // heap, per column, in this record
    struct buffer path;
    struct buffer extra;
    struct json_writer extra_writer; // writes into extra, begun when it is not empty
    struct record *record;           // the one being filled
    int64_t row;
    char fault[FAULT_BYTES];
};

void json_lines_walk(const struct json *object, struct buffer *path, struct json_visitor *visitor) {
    const size_t prefix = path->size;

    for (const struct json *member = object->first; member; member = member->next) {
        path->size = prefix;
        buffer_add_text(path, member->key);
        if (member->type == JSON_OBJECT) {
            buffer_add_char(path, '.');
            json_lines_walk(member, path, visitor);
        } else {
            visitor->leaf(visitor, buffer_text(path), member);
        }
    }
    path->size = prefix;
}

// The column's index, or column_count.
static size_t find_column(struct json_lines *lines, struct text name) {
    if (lines->expected < lines->column_count &&
        text_equal(lines->columns[lines->expected].name, name))
        return lines->expected++;
    for (size_t slot = text_hash(name) % NAME_SLOTS; lines->slots[slot];
         slot = (slot + 1) % NAME_SLOTS) {
        const size_t column = lines->slots[slot] - 1u;

        if (text_equal(lines->columns[column].name, name)) {
            lines->expected = column + 1;
            return column;
        }
    }
    return lines->column_count;
}

static void index_columns(struct json_lines *lines) {
    for (size_t i = 0; i < lines->column_count; i++) {
        size_t slot = text_hash(lines->columns[i].name) % NAME_SLOTS;

        while (lines->slots[slot])
            slot = (slot + 1) % NAME_SLOTS;
        lines->slots[slot] = (uint16_t)(i + 1);
    }
}

static struct text json_text(struct arena *arena, const struct json *value) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_write(&writer, value);
    return text_copy(arena, buffer_text(&out));
}

static struct text value_text(struct arena *arena, const struct json *value) {
    if (value->type == JSON_STRING)
        return value->string;
    if (value->type == JSON_ARRAY || value->type == JSON_OBJECT)
        return json_text(arena, value);
    return json_scalar_text(arena, value);
}

static void add_extra(struct json_lines *lines, struct text path, const struct json *value) {
    if (!lines->has_extra) {
        fault_set(lines->record, lines->fault, "json", "has a member \"%.*s\", which is no column",
                  (int)(path.size < 80 ? path.size : 80), path.data);
        return;
    }
    if (lines->extra.size == 0) {
        json_writer_init(&lines->extra_writer, &lines->extra);
        json_begin_object(&lines->extra_writer);
    }
    json_key_text(&lines->extra_writer, path);
    json_write(&lines->extra_writer, value);
}

static void take_leaf(struct json_visitor *visitor, struct text path, const struct json *value) {
    struct json_lines *lines = (struct json_lines *)visitor;
    const size_t column = find_column(lines, path);

    // Two members may flatten to one path, and the data may have a member called as the extra
    // column.
    if (column == lines->column_count || lines->is_set[column] ||
        (lines->has_extra && column == lines->column_count - 1)) {
        add_extra(lines, path, value);
        return;
    }
    lines->is_set[column] = true;
    lines->fields[column] = value_text(&lines->own.arena, value);
    if (lines->fields[column].size > 0 && text_contains(lines->fields[column], '\0'))
        fault_set(lines->record, lines->fault, "encoding", "has a NUL character in \"%.*s\"",
                  (int)(path.size < 80 ? path.size : 80), path.data);
}

static code open_format(struct scope *scope, struct source *source) {
    const struct source_dialect *dialect = &source->dialect;
    struct json_lines *lines = calloc(1, sizeof(*lines));

    if (!lines)
        abort();
    source->json_lines = lines;
    scope_init(&lines->own);
    arena_alloc(&lines->own.arena, USUAL_TREE_BYTES);
    lines->empty = (struct arena_mark){.last = lines->own.arena.last};
    if (dialect->column_count > LIMIT_RECORD_FIELDS)
        return scope_fail(scope, TOO_LARGE, "%zu columns are more than %d", dialect->column_count,
                          LIMIT_RECORD_FIELDS);
    lines->visitor.leaf = take_leaf;
    lines->columns = dialect->columns;
    lines->column_count = dialect->column_count;
    lines->has_extra = dialect->column_count > 0 &&
                       text_is(dialect->columns[dialect->column_count - 1].name, JSON_LINES_EXTRA);
    lines->reader = json_reader_new();
    lines->fields = calloc(dialect->column_count + 1, sizeof(*lines->fields));
    lines->is_set = calloc(dialect->column_count + 1, sizeof(*lines->is_set));
    if (!lines->fields || !lines->is_set)
        abort();
    index_columns(lines);
    return OK;
}

static void close_format(struct source *source) {
    struct json_lines *lines = source->json_lines;

    if (!lines)
        return;
    json_reader_free(lines->reader);
    scope_clear(&lines->own);
    buffer_clear(&lines->path);
    buffer_clear(&lines->extra);
    free(lines->fields);
    free(lines->is_set);
    free(lines);
}

static void begin_record(struct json_lines *lines, struct record *record) {
    arena_rewind(&lines->own.arena, lines->empty);
    scope_forgive(&lines->own);
    memset(lines->fields, 0, lines->column_count * sizeof(*lines->fields));
    memset(lines->is_set, 0, lines->column_count * sizeof(*lines->is_set));
    lines->path.size = lines->extra.size = lines->expected = 0;
    lines->record = record;
}

static void take_line(struct json_lines *lines, struct record *record) {
    struct json *object;

    begin_record(lines, record);
    if (record->fault)
        return;
    if (json_reader_parse(lines->reader, &lines->own, record->raw, &object) != OK) {
        fault_set(record, lines->fault, "json", "%s", lines->own.failure.message);
        return;
    }
    if (object->type != JSON_OBJECT) {
        fault_set(record, lines->fault, "json", "is no JSON object");
        return;
    }
    json_lines_walk(object, &lines->path, &lines->visitor);
    if (lines->extra.size > 0) {
        json_end_object(&lines->extra_writer);
        lines->fields[lines->column_count - 1] = buffer_text(&lines->extra);
    }
}

static code next_record(struct scope *scope, struct source *source, struct record *ret_record,
                        bool *ret_end) {
    struct json_lines *lines = source->json_lines;
    struct window_line line;

    TRY(window_next_full_line(scope, &source->window, &line, ret_end));
    if (*ret_end)
        return OK;
    *ret_record = (struct record){
        .row = ++lines->row,
        .line = line.number,
        .offset_bytes = line.offset_bytes,
        .raw = line.text,
        .fields = lines->fields,
        .field_count = lines->column_count,
    };
    if (line.is_too_long)
        fault_set(ret_record, lines->fault, "too_long", "has more than %zu bytes",
                  source->window.limit_bytes);
    fault_check_text(ret_record, lines->fault, source_is_transcoded(&source->dialect));
    take_line(lines, ret_record);
    fault_check_fields(ret_record, lines->fault, lines->column_count, false);
    return OK;
}

static code pass_record(struct scope *scope, struct source *source, bool *ret_end) {
    struct window_line line;

    TRY(window_next_full_line(scope, &source->window, &line, ret_end));
    source->json_lines->row += !*ret_end;
    return OK;
}

const struct format json_lines_format = {
    .open = open_format,
    .close = close_format,
    .next = next_record,
    .pass = pass_record,
};
