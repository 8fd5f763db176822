// SPDX-License-Identifier: Apache-2.0
// The order in which a file is found out: compression and Parquet by their magic, the encoding,
// then JSON Lines by the first character, then the layout, then the header. Each step believes
// those before it.
#include "plug/source/sniff.h"
#include "base/json.h"
#include "base/limits.h"
#include "plug/source/fixed_width.h"
#include "plug/source/json_lines.h"
#include "plug/source/parquet.h"
#include "plug/source/stream.h"
#include "plug/source/window.h"

#include <unistd.h>

enum { LATER_PIECES = 16, LATER_BYTES = 64 << 10 };

// Read from the beginning until the sample is full or the file ends.
static code read_sample(struct scope *scope, const char *path, const struct source_dialect *dialect,
                        struct sample *ret_sample) {
    CLEANUP(stream_close) struct stream *stream = NULL;
    char *data = arena_alloc(&scope->arena, SNIFF_BYTES);
    size_t size = 0, count = 1;

    TRY(stream_open(scope, path, dialect->compression, dialect->encoding, &stream));
    while (size < SNIFF_BYTES && count > 0) {
        TRY(stream_read(scope, stream, data + size, SNIFF_BYTES - size, &count));
        size += count;
    }
    *ret_sample = (struct sample){.path = path, .text = {data, size}, .is_whole = count == 0};
    return OK;
}

// Without the last line, which the end of the sample may have cut.
static void drop_cut_line(struct sample *sample) {
    size_t size = sample->text.size;

    if (sample->is_whole)
        return;
    while (size > 0 && sample->text.data[size - 1] != '\n' && sample->text.data[size - 1] != '\r')
        size--;
    if (size > 0)
        sample->text.size = size;
}

static code sniff_container(struct scope *scope, const char *path, struct source_dialect *dialect) {
    CLEANUP(stream_close) struct stream *stream = NULL;
    char magic[4] = {0};
    size_t size;

    if (dialect->format == SOURCE_PARQUET)
        return OK;
    TRY(stream_open(scope, path, dialect->compression, SOURCE_ENCODING_AUTO, &stream));
    dialect->compression = stream_compression(stream);
    if (dialect->format != SOURCE_FORMAT_AUTO || dialect->compression == SOURCE_GZIP)
        return OK;
    TRY(stream_read(scope, stream, magic, sizeof(magic), &size));
    if (size == sizeof(magic) && memcmp(magic, "PAR1", sizeof(magic)) == 0)
        dialect->format = SOURCE_PARQUET;
    return OK;
}

static void drop_byte_order_mark(struct sample *sample) {
    if (!text_starts_with(sample->text, TEXT("\xEF\xBB\xBF")))
        return;
    sample->text.data += 3;
    sample->text.size -= 3;
}

static void close_file(const int *file) {
    if (*file >= 0)
        close(*file);
}

// Lines from many places of a plain file, put together.
static code read_later_lines(struct scope *scope, const char *path, struct text *ret_lines) {
    char *lines = arena_alloc(&scope->arena, (size_t)LATER_PIECES * LATER_BYTES);
    CLEANUP(close_file) int file = -1;
    int64_t size_bytes;
    size_t size = 0;

    TRY(stream_open_file(scope, path, &file, &size_bytes));
    for (int i = 1; i <= LATER_PIECES; i++) {
        char *piece = lines + size;
        const ssize_t count = pread(file, piece, LATER_BYTES, size_bytes / (LATER_PIECES + 1) * i);
        const char *begin = count > 0 ? memchr(piece, '\n', (size_t)count) : NULL;
        const char *end = count > 0 ? memrchr(piece, '\n', (size_t)count) : NULL;

        if (!begin)
            continue;
        memmove(piece, begin, (size_t)(end - begin));
        size += (size_t)(end - begin);
    }
    *ret_lines = (struct text){.data = lines, .size = size};
    return OK;
}

static bool is_ascii(struct text text) {
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] & 0x80)
            return false;
    return true;
}

// The beginning of a large file may be ASCII by chance and say nothing; then lines farther on are
// asked, where they can be had without inflating all before them.
static code find_encoding(struct scope *scope, const struct sample *sample,
                          struct source_dialect *dialect) {
    struct sample later = *sample;

    if (!sample->is_whole && dialect->compression == SOURCE_PLAIN && is_ascii(sample->text))
        TRY(read_later_lines(scope, sample->path, &later.text));
    dialect->encoding = sniff_encoding(&later);
    return OK;
}

// The decoded sample, and the encoding where it is open.
static code sniff_text(struct scope *scope, const char *path, struct source_dialect *dialect,
                       struct sample *ret_sample) {
    struct source_dialect undecoded = *dialect;

    undecoded.encoding = SOURCE_UTF8;
    TRY(read_sample(scope, path, &undecoded, ret_sample));
    TRY(sniff_refuse_binary(scope, ret_sample));
    drop_cut_line(ret_sample);
    if (dialect->encoding == SOURCE_ENCODING_AUTO)
        TRY(find_encoding(scope, ret_sample, dialect));
    if (dialect->encoding != SOURCE_UTF8) {
        TRY(read_sample(scope, path, dialect, ret_sample));
        drop_cut_line(ret_sample);
    }
    drop_byte_order_mark(ret_sample);
    return OK;
}

// ---- JSON Lines ----

// Collects the paths of members in order of appearance.
struct collector {
    struct json_visitor visitor;
    struct scope *scope;
    struct source_column *columns;
    size_t count;
};

static void collect(struct json_visitor *visitor, struct text path, const struct json *value) {
    struct collector *collector = (struct collector *)visitor;

    (void)value;
    if (text_is(path, JSON_LINES_EXTRA) || collector->count == LIMIT_RECORD_FIELDS - 1)
        return;
    for (size_t i = 0; i < collector->count; i++)
        if (text_equal(collector->columns[i].name, path))
            return;
    collector->columns[collector->count++].name = text_copy(&collector->scope->arena, path);
}

static code fail_not_lines(struct scope *scope, const struct sample *sample, const char *why) {
    scope_fail(scope, INVALID, "\"%s\" is JSON, but not one object per line: %s", sample->path,
               why);
    return scope_hint(scope, "write each record on a line of its own, as jq -c '.[]' does");
}

static code sniff_json(struct scope *scope, const struct sample *sample,
                       struct source_dialect *dialect) {
    struct collector collector = {.visitor.leaf = collect, .scope = scope};
    CLEANUP(buffer_clear) struct buffer path = {0};
    CLEANUP(window_clear) struct window window = {0};
    struct window_line line;
    bool is_end = false, is_any = false;

    collector.columns = arena_array(&scope->arena, LIMIT_RECORD_FIELDS, sizeof(*collector.columns));
    window_open_memory(&window, sample->text);
    for (int i = 0; i < SNIFF_RECORDS; i++) {
        struct json *object;

        TRY(window_next_full_line(scope, &window, &line, &is_end));
        if (is_end)
            break;
        if (json_parse(scope, line.text, &object) == OK && object->type == JSON_OBJECT) {
            json_lines_walk(object, &path, &collector.visitor);
            is_any = true;
        }
        scope_forgive(scope);
    }
    if (!is_any)
        return fail_not_lines(scope, sample, "no line of the sample is an object");
    collector.columns[collector.count++].name = TEXT(JSON_LINES_EXTRA);
    dialect->header = SOURCE_HEADER_ABSENT;
    if (dialect->column_count > 0)
        return OK;
    dialect->columns = collector.columns;
    dialect->column_count = collector.count;
    return OK;
}

// ---- rows and columns ----

static code sniff_csv_columns(struct scope *scope, const struct sample *sample,
                              struct source_dialect *dialect) {
    const struct table table = sniff_table(scope, sample, dialect);
    const bool is_pinned = dialect->column_count > 0;

    if (dialect->header == SOURCE_HEADER_AUTO)
        dialect->header = sniff_has_header(&table) ? SOURCE_HEADER_PRESENT : SOURCE_HEADER_ABSENT;
    if (table.row_count == 0)
        return scope_fail(scope, INVALID, "\"%s\" has no records, blank lines only", sample->path);
    if (table.first_count > LIMIT_RECORD_FIELDS)
        return scope_fail(scope, TOO_LARGE, "\"%s\" has %zu columns, at most %d are taken",
                          sample->path, table.first_count, LIMIT_RECORD_FIELDS);
    if (dialect->header == SOURCE_HEADER_PRESENT && table.counts[0] > 0) {
        dialect->columns =
            sniff_name_columns(scope, table.rows[0], table.counts[0], table.counts[0]);
        dialect->column_count = table.counts[0];
    } else if (!is_pinned) {
        dialect->columns = sniff_name_columns(scope, NULL, 0, table.column_count);
        dialect->column_count = table.column_count;
    }
    if (dialect->column_count == 0)
        return scope_fail(scope, INVALID, "the first record of \"%s\" cannot be read as a header",
                          sample->path);
    return OK;
}

// The words of a header that does not keep to the columns, when there is one for each.
static size_t header_words(struct text line, size_t count, struct text *words) {
    size_t found = 0;

    for (struct text rest = text_trim(line); rest.size > 0; rest = text_trim(rest)) {
        const struct text word = text_split(rest, ' ', &rest);

        if (found == count)
            return 0;
        words[found++] = word;
    }
    return found == count ? count : 0;
}

static void name_fixed_columns(struct scope *scope, const struct sample *sample,
                               struct source_dialect *dialect, bool has_odd_first) {
    struct source_column *columns =
        arena_copy(&scope->arena, dialect->columns, dialect->column_count * sizeof(*columns));
    const struct table table = fixed_width_table(scope, sample, dialect);
    size_t cell_count = dialect->column_count;
    struct source_column *named;
    struct text *cells;

    if (dialect->header == SOURCE_HEADER_AUTO)
        dialect->header = has_odd_first || sniff_has_header(&table) ? SOURCE_HEADER_PRESENT
                                                                    : SOURCE_HEADER_ABSENT;
    cells = table.row_count > 0 ? table.rows[0] : NULL;
    if (has_odd_first)
        cell_count = header_words(table.first_line, cell_count, cells);
    if (dialect->header == SOURCE_HEADER_ABSENT)
        cell_count = 0;
    named = sniff_name_columns(scope, cells, cell_count, dialect->column_count);
    for (size_t i = 0; i < dialect->column_count; i++)
        if (columns[i].name.size == 0)
            columns[i].name = named[i].name;
    dialect->columns = columns;
}

static code sniff_fixed_columns(struct scope *scope, const struct sample *sample,
                                struct source_dialect *dialect) {
    bool has_odd_first = false;
    struct source_column *columns;

    if (dialect->column_count == 0) {
        if (!sniff_fixed_width(scope, sample, &columns, &dialect->column_count, &has_odd_first))
            return scope_fail(scope, INVALID, "no columns of fixed width show in \"%s\"",
                              sample->path);
        dialect->columns = columns;
    }
    name_fixed_columns(scope, sample, dialect, has_odd_first);
    return OK;
}

// ---- all together ----

static code check_given(struct scope *scope, const struct source_dialect *dialect) {
    const char delimiter = dialect->delimiter, quote = dialect->quote;

    if (delimiter == '\n' || delimiter == '\r' || (delimiter && delimiter == quote))
        return scope_fail_field(scope, INVALID, "delimiter",
                                "the delimiter is a line end, or the same as the quote mark");
    if (quote == '\r' || quote == ' ')
        return scope_fail_field(scope, INVALID, "quote", "the quote mark is a blank or a line end");
    if (dialect->column_count > LIMIT_RECORD_FIELDS)
        return scope_fail(scope, TOO_LARGE, "%zu columns are more than %d", dialect->column_count,
                          LIMIT_RECORD_FIELDS);
    return OK;
}

static code sniff_records(struct scope *scope, const struct sample *sample,
                          struct source_dialect *dialect) {
    const struct text text = text_trim(sample->text);
    const char first = text.size > 0 ? text.data[0] : '\0';

    if (text.size == 0)
        return scope_fail(scope, INVALID, "\"%s\" holds nothing but white space", sample->path);
    if (dialect->format == SOURCE_FORMAT_AUTO && first == '[')
        return fail_not_lines(scope, sample, "it begins with an array");
    if (dialect->format == SOURCE_FORMAT_AUTO && first == '{')
        dialect->format = SOURCE_JSON_LINES;
    if (dialect->format == SOURCE_JSON_LINES)
        return sniff_json(scope, sample, dialect);
    TRY(sniff_layout(scope, sample, dialect));
    if (dialect->format == SOURCE_FIXED_WIDTH)
        return sniff_fixed_columns(scope, sample, dialect);
    return sniff_csv_columns(scope, sample, dialect);
}

static code sniff(struct scope *scope, const char *path, struct source_dialect *dialect) {
    struct sample sample;

    TRY(check_given(scope, dialect));
    TRY(sniff_container(scope, path, dialect));
    if (dialect->format == SOURCE_PARQUET) {
        dialect->compression = SOURCE_PLAIN;
        dialect->encoding = SOURCE_UTF8;
        dialect->header = SOURCE_HEADER_ABSENT;
        return parquet_columns(scope, path, &dialect->columns, &dialect->column_count);
    }
    TRY(sniff_text(scope, path, dialect, &sample));
    return sniff_records(scope, &sample, dialect);
}

static const struct source_column *copy_columns(struct scope *scope,
                                                const struct source_dialect *dialect) {
    struct source_column *columns =
        arena_copy(&scope->arena, dialect->columns, dialect->column_count * sizeof(*columns));

    for (size_t i = 0; i < dialect->column_count; i++)
        columns[i].name = text_copy(&scope->arena, columns[i].name);
    return columns;
}

code source_sniff(struct scope *scope, const char *path, const struct source_dialect *given,
                  struct source_dialect *ret_dialect) {
    struct source_dialect dialect = given ? *given : (struct source_dialect){0};
    struct scope
        work; // the samples are large, and the caller's scope may be that of a whole import
    code outcome;

    scope_init(&work);
    outcome = sniff(&work, path, &dialect);
    if (outcome == OK) {
        dialect.columns = copy_columns(scope, &dialect);
        *ret_dialect = dialect;
    } else if (scope->failure.code == OK) {
        scope->failure = work.failure;
    }
    scope_clear(&work);
    return outcome;
}
