// SPDX-License-Identifier: Apache-2.0
// Random tables, written in random dialects, are read back equal. The generator is seeded, so a
// failure repeats; the message names the round.
#include "plug/source/source_testing.h"

enum { ROUNDS = 400, MOST_COLUMNS = 6, MOST_ROWS = 30 };

struct random {
    uint64_t state;
};

// xorshift64*, Vigna 2016.
static uint32_t draw(struct random *random, uint32_t below) {
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return (uint32_t)((random->state * UINT64_C(0x2545F4914F6CDD1D)) >> 32) % below;
}

// How a table is written.
struct form {
    struct source_dialect dialect;
    const char *line_end;
    const char *encoding; // ICU name; NULL: UTF-8
    bool has_mark;        // a byte order mark
    bool is_packed;
    bool has_last_end;
    bool quotes_all;
};

struct random_table {
    struct text cells[MOST_ROWS + 1][MOST_COLUMNS]; // row 0: names
    size_t rows, columns;
};

static struct form random_form(struct random *random) {
    static const char delimiters[] = ",;\t|^\x1F~";
    static const char *const line_ends[] = {"\n", "\r\n", "\r"};
    static const struct {
        enum source_encoding encoding;
        const char *name;
    } encodings[] = {
        {SOURCE_UTF8, NULL},
        {SOURCE_UTF16LE, "UTF-16LE"},
        {SOURCE_UTF16BE, "UTF-16BE"},
        {SOURCE_LATIN1, "ISO-8859-1"},
        {SOURCE_WINDOWS_1252, "windows-1252"},
    };
    const uint32_t encoding = draw(random, 5);
    struct form form = {
        .dialect = {.format = SOURCE_CSV,
                    .header = SOURCE_HEADER_PRESENT,
                    .delimiter = delimiters[draw(random, sizeof(delimiters) - 1)],
                    .quote = draw(random, 4) > 0 ? '"' : '\''},
        .line_end = line_ends[draw(random, 3)],
        .encoding = encodings[encoding].name,
        .has_mark = encoding <= 2 && draw(random, 2) == 0,
        .is_packed = draw(random, 3) == 0,
        .has_last_end = draw(random, 2) == 0,
        .quotes_all = draw(random, 4) == 0,
    };

    if (!form.has_mark)
        form.dialect.encoding = encodings[encoding].encoding;
    return form;
}

static struct text random_cell(struct scope *scope, struct random *random) {
    // Every character stands in each of the encodings.
    static const char *const pieces[] = {
        "a",  "B", "7", " ", ",", ";", "\t",   "|",    "\"",   "'",     "\n",        "\r\n",
        "\r", "é", "Ü", "ß", "^", "~", "\x1F", "\"\"", "word", "-1.50", "2010-12-01"};
    CLEANUP(buffer_clear) struct buffer cell = {0};

    for (uint32_t i = draw(random, 8); i > 0; i--)
        buffer_add_string(&cell, pieces[draw(random, sizeof(pieces) / sizeof(*pieces))]);
    return text_copy(&scope->arena, buffer_text(&cell));
}

static struct random_table *random_table(struct scope *scope, struct random *random) {
    struct random_table *table = arena_alloc(&scope->arena, sizeof(*table));

    table->columns = 1 + draw(random, MOST_COLUMNS);
    table->rows = draw(random, MOST_ROWS + 1);
    for (size_t column = 0; column < table->columns; column++)
        table->cells[0][column] = text_printf(&scope->arena, "name %zu", column);
    for (size_t row = 1; row <= table->rows; row++)
        for (size_t column = 0; column < table->columns; column++)
            table->cells[row][column] = random_cell(scope, random);
    return table;
}

static bool needs_quotes(const struct form *form, struct text cell) {
    return form->quotes_all || cell.size == 0 || cell.data[0] == ' ' || cell.data[0] == '\t' ||
           text_contains(cell, form->dialect.delimiter) || text_contains(cell, '\n') ||
           text_contains(cell, '\r') || text_contains(cell, form->dialect.quote);
}

static void write_cell(struct buffer *out, const struct form *form, struct text cell) {
    if (!needs_quotes(form, cell)) {
        buffer_add_text(out, cell);
        return;
    }
    buffer_add_char(out, form->dialect.quote);
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] == form->dialect.quote)
            buffer_add_char(out, cell.data[i]);
        buffer_add_char(out, cell.data[i]);
    }
    buffer_add_char(out, form->dialect.quote);
}

static const char *write_table(struct scope *scope, const struct form *form,
                               const struct random_table *table) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct text content;

    if (form->has_mark)
        buffer_add_string(&out, "\xEF\xBB\xBF");
    for (size_t row = 0; row <= table->rows; row++) {
        for (size_t column = 0; column < table->columns; column++) {
            if (column > 0)
                buffer_add_char(&out, form->dialect.delimiter);
            write_cell(&out, form, table->cells[row][column]);
        }
        if (row < table->rows || form->has_last_end)
            buffer_add_string(&out, form->line_end);
    }
    content = buffer_text(&out);
    if (form->encoding)
        content = testing_encode(scope, form->encoding, content);
    if (form->is_packed)
        content = testing_gzip(scope, content);
    return test_file(scope, "table", content);
}

static void check_equal(struct scope *scope, int round, const char *path, const struct form *form,
                        const struct random_table *table) {
    CLEANUP(source_close) struct source *source = NULL;
    struct record record;
    bool is_end = false;

    CHECK_OK(source_open(scope, path, &form->dialect, &source));
    CHECK_INT((int64_t)source_column_count(source), (int64_t)table->columns);
    for (size_t row = 1; row <= table->rows; row++) {
        CHECK_OK(source_next(scope, source, &record, &is_end));
        if (is_end || record.fault || record.row != (int64_t)row)
            test_fail(__FILE__, __LINE__, "round %d, row %zu: %s", round, row,
                      is_end         ? "is missing"
                      : record.fault ? record.fault
                                     : "has another number");
        for (size_t i = 0; i < table->columns; i++)
            if (!text_equal(record.fields[i], table->cells[row][i]))
                test_fail(__FILE__, __LINE__, "round %d, row %zu: \"%.*s\" was read as \"%.*s\"",
                          round, row, TEXT_ARG(table->cells[row][i]), TEXT_ARG(record.fields[i]));
    }
    CHECK_OK(source_next(scope, source, &record, &is_end));
    CHECK(is_end);
}

TEST(random_tables_in_random_dialects_are_read_back_equal) {
    struct random random = {.state = 20101201};

    for (int round = 0; round < ROUNDS; round++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const struct form form = random_form(&random);
        const struct random_table *table = random_table(scope, &random);

        check_equal(scope, round, write_table(scope, &form, table), &form, table);
        arena_rewind(&scope->arena, mark);
    }
}

// A table as shops deliver it: what it holds leaves no doubt about the dialect.
static struct random_table *plain_table(struct scope *scope, struct random *random) {
    static const char *const names[] = {"id", "customer", "town", "bought at", "amount", "note"};
    static const char *const words[] = {"Ann", "Smith, Bob", "Zürich",     "5\" pipe; long",
                                        "",    "it's",       "two\nlines", "A|B"};
    struct random_table *table = arena_alloc(&scope->arena, sizeof(*table));

    table->columns = 6;
    table->rows = 5 + draw(random, MOST_ROWS - 4);
    for (size_t row = 0; row <= table->rows; row++) {
        struct text *cells = table->cells[row];

        for (size_t column = 0; column < table->columns; column++)
            cells[column] = text_of(row == 0 ? names[column] : words[draw(random, 8)]);
        if (row == 0)
            continue;
        cells[0] = text_printf(&scope->arena, "%zu", row);
        cells[3] = text_printf(&scope->arena, "2010-12-%02u 08:26", 1 + draw(random, 28));
        cells[4] = text_printf(&scope->arena, "%u.%02u", draw(random, 500), draw(random, 100));
    }
    return table;
}

TEST(the_dialect_of_plain_tables_is_found_out) {
    struct random random = {.state = 19970101};

    for (int round = 0; round < ROUNDS; round++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        struct form form = random_form(&random);
        const struct random_table *table = plain_table(scope, &random);
        const char *path;

        form.dialect.quote = '"';
        path = write_table(scope, &form, table);
        form.dialect = (struct source_dialect){0};
        check_equal(scope, round, path, &form, table);
        arena_rewind(&scope->arena, mark);
    }
}
