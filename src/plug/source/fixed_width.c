// SPDX-License-Identifier: Apache-2.0
// Columns at fixed places of a line, in characters. Every character of a line belongs to a column
// or is blank: what stands between the columns is a fault, not dropped, so that a value wider than
// the places foreseen is noticed.
#include "plug/source/fixed_width.h"

#include "base/limits.h"
#include "plug/source/format.h"

#include <stdlib.h>

struct fixed_width {
    const struct source_column *columns; // in order of their places
    size_t column_count;
    struct text *fields; // heap
    int64_t row;
    char fault[FAULT_BYTES];
};

static code open_format(struct scope *scope, struct source *source) {
    const struct source_dialect *dialect = &source->dialect;
    struct fixed_width *fixed;
    size_t place = 0;

    for (size_t i = 0; i < dialect->column_count; i++) {
        const struct source_column *column = &dialect->columns[i];

        if (column->width == 0 || column->start < place || column->width > LIMIT_RECORD_BYTES ||
            column->start > LIMIT_RECORD_BYTES)
            return scope_fail(scope, INVALID,
                              "column \"%.*s\" has no width or overlaps the one before it",
                              TEXT_ARG(column->name));
        place = column->start + column->width;
    }
    fixed = source->fixed_width = calloc(1, sizeof(*fixed));
    if (!fixed || !(fixed->fields = calloc(dialect->column_count + 1, sizeof(struct text))))
        abort();
    fixed->columns = dialect->columns;
    fixed->column_count = dialect->column_count;
    return OK;
}

static void close_format(struct source *source) {
    if (source->fixed_width)
        free(source->fixed_width->fields);
    free(source->fixed_width);
}

static code pass_header(struct scope *scope, struct source *source) {
    struct window_line line;
    bool is_end;

    return window_next_full_line(scope, &source->window, &line, &is_end);
}

// A walk along a line, character by character.
struct walk {
    struct text line;
    size_t byte;
    size_t character;
};

static struct text walk_to(struct walk *walk, size_t character) {
    const char *begin = walk->line.data + walk->byte;

    while (walk->character < character && walk->byte < walk->line.size) {
        walk->byte++;
        while (walk->byte < walk->line.size &&
               ((unsigned char)walk->line.data[walk->byte] & 0xC0) == 0x80)
            walk->byte++;
        walk->character++;
    }
    return (struct text){.data = begin, .size = (size_t)(walk->line.data + walk->byte - begin)};
}

static void check_gap(struct fixed_width *fixed, struct record *record, const struct walk *walk,
                      struct text gap) {
    const struct text stray = text_trim(gap);

    if (stray.size > 0)
        fault_set(record, fixed->fault, "outside_columns",
                  "has \"%.*s\" outside the columns, before character %zu",
                  (int)(stray.size < 40 ? stray.size : 40), stray.data, walk->character + 1);
}

static void split_line(struct fixed_width *fixed, struct record *record) {
    struct walk walk = {.line = record->raw};

    for (size_t i = 0; i < fixed->column_count; i++) {
        const struct source_column *column = &fixed->columns[i];

        check_gap(fixed, record, &walk, walk_to(&walk, column->start));
        fixed->fields[i] = text_trim(walk_to(&walk, column->start + column->width));
    }
    check_gap(fixed, record, &walk, walk_to(&walk, SIZE_MAX));
}

struct table fixed_width_table(struct scope *scope, const struct sample *sample,
                               const struct source_dialect *dialect) {
    struct table table = {
        .rows = arena_array(&scope->arena, SNIFF_RECORDS, sizeof(*table.rows)),
        .counts = arena_array(&scope->arena, SNIFF_RECORDS, sizeof(*table.counts)),
        .column_count = dialect->column_count,
    };
    CLEANUP(window_clear) struct window window = {0};
    struct window_line line;
    bool is_end;

    window_open_memory(&window, sample->text);
    while (table.row_count < SNIFF_RECORDS &&
           window_next_full_line(scope, &window, &line, &is_end) == OK && !is_end) {
        struct text *cells = arena_array(&scope->arena, table.column_count, sizeof(*cells));
        struct fixed_width fixed = {
            .columns = dialect->columns, .column_count = table.column_count, .fields = cells};
        struct record record = {.raw = text_copy(&scope->arena, line.text)};

        split_line(&fixed, &record);
        if (table.row_count == 0)
            table.first_line = record.raw;
        table.counts[table.row_count] = table.column_count;
        table.rows[table.row_count++] = cells;
    }
    return table;
}

static code next_record(struct scope *scope, struct source *source, struct record *ret_record,
                        bool *ret_end) {
    struct fixed_width *fixed = source->fixed_width;
    struct window_line line;

    TRY(window_next_full_line(scope, &source->window, &line, ret_end));
    if (*ret_end)
        return OK;
    *ret_record = (struct record){
        .row = ++fixed->row,
        .line = line.number,
        .offset_bytes = line.offset_bytes,
        .raw = line.text,
        .fields = fixed->fields,
        .field_count = fixed->column_count,
    };
    if (line.is_too_long)
        fault_set(ret_record, fixed->fault, "too_long", "has more than %zu bytes",
                  source->window.limit_bytes);
    fault_check_text(ret_record, fixed->fault, source_is_transcoded(&source->dialect));
    split_line(fixed, ret_record);
    fault_check_fields(ret_record, fixed->fault, fixed->column_count, false);
    return OK;
}

static code pass_record(struct scope *scope, struct source *source, bool *ret_end) {
    struct window_line line;

    TRY(window_next_full_line(scope, &source->window, &line, ret_end));
    source->fixed_width->row += !*ret_end;
    return OK;
}

const struct format fixed_width_format = {
    .open = open_format,
    .close = close_format,
    .pass_header = pass_header,
    .next = next_record,
    .pass = pass_record,
};
