// SPDX-License-Identifier: Apache-2.0
// The scan tells, in order, the places of delimiters, quote marks and line ends; a record is taken
// apart by walking them, so ordinary bytes are looked at only 64 at a time. A record that the
// window's end cuts is begun again once more bytes are in.
//
// A quote mark that is never closed would swallow what follows. So a record whose quotes do not
// balance (text behind a closing quote, the end of the file, more than the limit) is one faulty
// record of the physical line it begins on, and reading goes on with the next line. That stays
// linear: to be unbalanced again, a line needs a quote mark of its own at which the former scan has
// ended.
#include "plug/source/csv.h"

#include "base/limits.h"
#include "plug/source/format.h"

#include <stdlib.h>
#include <strings.h>

enum outcome {
    RECORD_WHOLE,
    RECORD_CUT,        // more bytes are needed
    RECORD_UNBALANCED, // its quote marks make no sense
};

// What taking apart has found, as places in the window.
struct extent {
    size_t end;    // behind the last byte of the record
    size_t next;   // behind its line end
    int64_t lines; // physical lines it takes
};

void csv_open(struct csv *csv, struct window *window, char delimiter, char quote) {
    *csv = (struct csv){
        .window = window,
        .delimiter = delimiter,
        .quote = quote == SOURCE_QUOTE_NONE ? CSV_QUOTE_NONE : (unsigned char)quote,
        .scan.set = {{delimiter, quote, '\n', '\r'}},
        .fields = calloc(LIMIT_RECORD_FIELDS, sizeof(struct text)),
    };
    if (!csv->fields)
        abort();
}

void csv_clear(struct csv *csv) {
    free(csv->fields);
    buffer_clear(&csv->scratch);
    *csv = (struct csv){0};
}

// The window has moved or grown.
static void restart_scan(struct csv *csv) {
    csv->scan.data = csv->window->data;
    csv->scan.size = csv->window->end;
    scan_seek(&csv->scan, csv->window->begin);
}

static inline bool is_quote(const struct csv *csv, char byte) {
    return (unsigned char)byte == csv->quote;
}

static bool are_blanks(const char *data, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (data[i] != ' ')
            return false;
    return true;
}

// The content with each doubled quote mark made single. Room is taken once per record for all its
// fields, so that slices into it stay where they are.
static struct text without_doubled(struct csv *csv, struct text field) {
    struct buffer *scratch = &csv->scratch;
    char *out, *begin;

    if (scratch->size == 0)
        buffer_reserve(scratch, csv->window->capacity);
    begin = out = scratch->data + scratch->size;
    for (size_t i = 0; i < field.size; i++) {
        *out++ = field.data[i];
        i += is_quote(csv, field.data[i]);
    }
    scratch->size = (size_t)(out - scratch->data);
    return (struct text){.data = begin, .size = (size_t)(out - begin)};
}

// From an opening quote mark to the place that ends the field: a delimiter, a line end or the end.
static inline enum outcome quoted_field(struct csv *csv, struct scan *scan, size_t open,
                                        struct text *ret_field, size_t *ret_place, int64_t *lines) {
    const char *data = scan->data;
    bool has_doubled = false;
    size_t close, place;

    while ((close = scan_next(scan)) < scan->size) {
        if (is_quote(csv, data[close])) {
            if (!is_quote(csv, data[close + 1]))
                break;
            has_doubled = true;
            scan_next(scan);
        } else if (data[close] != csv->delimiter) {
            *lines += data[close] == '\n' || data[close + 1] != '\n';
        }
    }
    place = close < scan->size ? scan_next(scan) : close;
    if (place == scan->size && !csv->window->at_end)
        return RECORD_CUT;
    if (close == scan->size || !are_blanks(data + close + 1, place - close - 1) ||
        (place < scan->size && is_quote(csv, data[place])))
        return RECORD_UNBALANCED;
    *ret_field = (struct text){.data = data + open + 1, .size = close - open - 1};
    if (has_doubled)
        *ret_field = without_doubled(csv, *ret_field);
    *ret_place = place;
    return RECORD_WHOLE;
}

// A quote mark opens a field at its beginning, blanks before it allowed; elsewhere it is a
// character.
static inline bool opens_field(const struct csv *csv, const char *data, size_t begin,
                               size_t place) {
    return is_quote(csv, data[place]) &&
           (place == begin || (data[begin] == ' ' && are_blanks(data + begin, place - begin)));
}

static enum outcome find_line_end(const struct csv *csv, struct scan *scan, size_t place,
                                  struct extent *extent) {
    extent->end = extent->next = place;
    if (place == scan->size)
        return RECORD_WHOLE;
    extent->next++;
    extent->lines++;
    if (scan->data[place] == '\n')
        return RECORD_WHOLE;
    if (extent->next == scan->size && !csv->window->at_end)
        return RECORD_CUT;
    if (scan->data[extent->next] == '\n') {
        scan_next(scan);
        extent->next++;
    }
    return RECORD_WHOLE;
}

// Takes the record at the window's beginning apart into csv->fields.
static enum outcome split_record(struct csv *csv, struct extent *ret_extent) {
    struct scan scan = csv->scan; // a copy, which the compiler can keep in registers
    size_t begin = csv->window->begin, place, count = 0;
    enum outcome outcome;

    *ret_extent = (struct extent){0};
    csv->scratch.size = 0;
    do {
        struct text field;

        place = scan_next(&scan);
        if (place < scan.size && opens_field(csv, scan.data, begin, place)) {
            outcome = quoted_field(csv, &scan, place, &field, &place, &ret_extent->lines);
            if (outcome != RECORD_WHOLE)
                return outcome;
        } else {
            while (place < scan.size && is_quote(csv, scan.data[place]))
                place = scan_next(&scan);
            if (place == scan.size && !csv->window->at_end)
                return RECORD_CUT;
            field = (struct text){.data = scan.data + begin, .size = place - begin};
        }
        if (count < LIMIT_RECORD_FIELDS)
            csv->fields[count] = field;
        count++;
        begin = place + 1;
    } while (place < scan.size && scan.data[place] == csv->delimiter);
    csv->field_count = count;
    outcome = find_line_end(csv, &scan, place, ret_extent);
    csv->scan = scan;
    return outcome;
}

// Blanks that only separate leave empty fields, which are none; "" is one.
static void drop_empty_fields(struct csv *csv, struct text raw) {
    const size_t count =
        csv->field_count < LIMIT_RECORD_FIELDS ? csv->field_count : LIMIT_RECORD_FIELDS;
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        const struct text field = csv->fields[i];

        if (field.size > 0 || (field.data > raw.data && is_quote(csv, field.data[-1])))
            csv->fields[kept++] = field;
    }
    csv->field_count = kept;
}

// A piece of the file that is one record, whole or not.
struct piece {
    struct window_line line;
    bool is_unbalanced;
};

static code take_faulty_line(struct scope *scope, struct csv *csv, struct piece *ret_piece) {
    bool is_end;

    TRY(window_next_line(scope, csv->window, &ret_piece->line, &is_end));
    ret_piece->is_unbalanced = !ret_piece->line.is_too_long;
    csv->field_count = 0;
    restart_scan(csv);
    return OK;
}

static code take_piece(struct scope *scope, struct csv *csv, struct piece *ret_piece,
                       bool *ret_end) {
    struct window *window = csv->window;
    struct extent extent;
    enum outcome outcome;

    if (!csv->scan.data)
        restart_scan(csv);
    *ret_piece = (struct piece){0};
    while ((*ret_end = window->begin == window->end && window->at_end) == false) {
        outcome = split_record(csv, &extent);
        // A cut record has at least all that is here but a CR.
        if (outcome == RECORD_UNBALANCED ||
            (outcome == RECORD_CUT && window->end - window->begin > window->limit_bytes + 1) ||
            (outcome == RECORD_WHOLE && extent.end - window->begin > window->limit_bytes))
            return take_faulty_line(scope, csv, ret_piece);
        if (outcome == RECORD_WHOLE)
            break;
        TRY(window_fill(scope, window));
        restart_scan(csv);
    }
    if (*ret_end)
        return OK;
    ret_piece->line = (struct window_line){
        .text = {window->data + window->begin, extent.end - window->begin},
        .number = window->line,
        .offset_bytes = window->offset_bytes,
    };
    window_take(window, extent.next - window->begin, extent.lines);
    if (csv->delimiter == ' ')
        drop_empty_fields(csv, ret_piece->line.text);
    return OK;
}

static bool is_blank_line(const struct csv *csv, const struct piece *piece) {
    return csv->field_count <= 1 && !piece->is_unbalanced && !piece->line.is_too_long &&
           window_is_blank(piece->line.text);
}

static code take_full_piece(struct scope *scope, struct csv *csv, struct piece *ret_piece,
                            bool *ret_end) {
    do {
        TRY(take_piece(scope, csv, ret_piece, ret_end));
    } while (!*ret_end && is_blank_line(csv, ret_piece));
    csv->row += !*ret_end;
    return OK;
}

// A delimiter too many at the end of the line carries nothing.
static void drop_surplus_fields(struct csv *csv) {
    if (csv->field_count > LIMIT_RECORD_FIELDS || csv->column_count == 0)
        return;
    while (csv->field_count > csv->column_count && csv->fields[csv->field_count - 1].size == 0)
        csv->field_count--;
}

static void find_faults(struct csv *csv, const struct piece *piece, struct record *record) {
    if (piece->line.is_too_long)
        fault_set(record, csv->fault, "too_long", "has more than %zu bytes",
                  csv->window->limit_bytes);
    if (piece->is_unbalanced)
        fault_set(record, csv->fault, "unbalanced_quotes",
                  "has a quote mark that is never closed, or text behind a closed one");
    fault_check_text(record, csv->fault, csv->is_transcoded);
    fault_check_fields(record, csv->fault, csv->column_count, csv->has_header);
}

code csv_next(struct scope *scope, struct csv *csv, struct record *ret_record, bool *ret_end) {
    struct piece piece;

    TRY(take_full_piece(scope, csv, &piece, ret_end));
    if (*ret_end)
        return OK;
    drop_surplus_fields(csv);
    *ret_record = (struct record){
        .row = csv->row,
        .line = piece.line.number,
        .offset_bytes = piece.line.offset_bytes,
        .raw = piece.line.text,
        .fields = csv->fields,
        .field_count = csv->field_count,
    };
    find_faults(csv, &piece, ret_record);
    return OK;
}

code csv_pass(struct scope *scope, struct csv *csv, bool *ret_end) {
    struct piece piece;

    return take_full_piece(scope, csv, &piece, ret_end);
}

// ---- as a format ----

code csv_take_separator_line(struct scope *scope, struct window *window, char *ret_delimiter) {
    const char *data;
    size_t size;

    while (window->end - window->begin < 7 && !window->at_end)
        TRY(window_fill(scope, window));
    data = window->data + window->begin;
    size = window->end - window->begin;
    if (size < 6 || strncasecmp(data, "sep=", 4) != 0 || (data[5] != '\n' && data[5] != '\r'))
        return OK;
    *ret_delimiter = data[4];
    window_take(window, size > 6 && data[5] == '\r' && data[6] == '\n' ? 7 : 6, 1);
    return OK;
}

static code open_format(struct scope *scope, struct source *source) {
    const struct source_dialect *dialect = &source->dialect;

    (void)scope;
    csv_open(&source->csv, &source->window, dialect->delimiter, dialect->quote);
    source->csv.column_count = dialect->column_count;
    source->csv.has_header = dialect->header == SOURCE_HEADER_PRESENT;
    source->csv.is_transcoded = source_is_transcoded(dialect);
    return OK;
}

static void close_format(struct source *source) {
    csv_clear(&source->csv);
}

static code pass_header(struct scope *scope, struct source *source) {
    bool is_end;

    TRY(csv_pass(scope, &source->csv, &is_end));
    source->csv.row = 0;
    return OK;
}

static code next_record(struct scope *scope, struct source *source, struct record *ret_record,
                        bool *ret_end) {
    return csv_next(scope, &source->csv, ret_record, ret_end);
}

static code pass_record(struct scope *scope, struct source *source, bool *ret_end) {
    return csv_pass(scope, &source->csv, ret_end);
}

const struct format csv_format = {
    .open = open_format,
    .close = close_format,
    .pass_header = pass_header,
    .next = next_record,
    .pass = pass_record,
};
