// SPDX-License-Identifier: Apache-2.0
// One statement reads the id, the outcome and the drivers of all rows. It joins only what the asked
// fields need.
#include "analyze/regression/regression_level.h"

#include "base/progress.h"
#include "regression_sql.h"
#include "store/lake.h"

#include <inttypes.h>
#include <math.h>

// ---- the statement ----

static unsigned needs_of(const struct regression_options *options) {
    unsigned needs = options->outcome->needs;

    for (size_t i = 0; i < options->driver_count; i++)
        needs |= options->drivers[i]->needs;
    return needs;
}

static void add_table(struct statement *statement, const char *name, const char *sql) {
    statement_add(statement, ",\n");
    statement_add(statement, name);
    statement_add(statement, " AS (\n");
    statement_add(statement, sql);
    statement_add(statement, ")");
}

static void add_tables(struct statement *statement, enum regression_unit unit, unsigned needs) {
    statement_add(statement, sql_regression_asked);
    if (unit == REGRESSION_OF_CUSTOMERS)
        add_table(statement, "bought", sql_regression_bought);
    if (needs & REGRESSION_NEEDS_HISTORY)
        add_table(statement, "history", sql_regression_history);
    if (needs & REGRESSION_NEEDS_LINES)
        add_table(statement, "lines", sql_regression_lines);
    if (needs & REGRESSION_NEEDS_CATEGORY)
        add_table(statement, "main_category", sql_regression_main_category);
    if (needs & REGRESSION_NEEDS_USUAL)
        add_table(statement, "usual", sql_regression_usual);
}

static void add_columns(struct statement *statement, const struct regression_options *options) {
    const bool of_receipts = options->unit == REGRESSION_OF_RECEIPTS;

    statement_add(statement, of_receipts ? "\nSELECT fact.id" : "\nSELECT fact.customer");
    statement_printf(statement, ",\n    %s", options->outcome->expression);
    for (size_t i = 0; i < options->driver_count; i++)
        statement_printf(statement, ",\n    %s", options->drivers[i]->expression);
    statement_add(statement, of_receipts ? "\nFROM sale fact" : "\nFROM bought fact");
}

static void add_joins(struct statement *statement, unsigned needs) {
    static const struct {
        unsigned need;
        const char *join;
    } joins[] = {
        {REGRESSION_NEEDS_STORE, "\nLEFT JOIN store ON store.id = fact.store_id"},
        {REGRESSION_NEEDS_HISTORY, "\nLEFT JOIN history ON history.id = fact.id"},
        {REGRESSION_NEEDS_LINES, "\nLEFT JOIN lines ON lines.sale_id = fact.id"},
        {REGRESSION_NEEDS_CATEGORY, "\nLEFT JOIN main_category ON main_category.sale_id = fact.id"},
        {REGRESSION_NEEDS_PERSON, "\nLEFT JOIN customer person ON person.id = fact.customer"},
        {REGRESSION_NEEDS_USUAL, "\nLEFT JOIN usual ON usual.customer = fact.customer"
                                 "\nLEFT JOIN store ON store.id = usual.store_id"},
    };

    for (size_t i = 0; i < sizeof(joins) / sizeof(*joins); i++)
        if (needs & joins[i].need)
            statement_add(statement, joins[i].join);
}

void regression_compile(struct statement *statement, const struct regression_options *options) {
    const unsigned needs = needs_of(options);

    add_tables(statement, options->unit, needs);
    add_columns(statement, options);
    add_joins(statement, needs);
    if (options->unit == REGRESSION_OF_RECEIPTS)
        statement_add(statement, "\nWHERE fact.kind = 'sale'"
                                 " AND fact.sold_on >= DATE '1970-01-01' + CAST($1 AS INTEGER)"
                                 " AND fact.sold_on <= DATE '1970-01-01' + CAST($2 AS INTEGER)"
                                 "\nORDER BY fact.sold_at_us, fact.id");
    else
        statement_add(statement, "\nORDER BY fact.customer");
    statement->binds[0] = BIND_INT64(options->from_day);
    statement->binds[1] = BIND_INT64(options->to_day);
    statement->bind_count = 2;
}

// ---- what there is ----

static code read_currency(struct scope *scope, const struct regression_options *options,
                          struct text *ret_currency) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool is_needed = options->outcome->type == REGRESSION_AMOUNT;
    struct text currencies[2] = {0};
    size_t count = 0;

    for (size_t i = 0; i < options->driver_count; i++)
        is_needed = is_needed || options->drivers[i]->type == REGRESSION_AMOUNT;
    if (!is_needed)
        return OK;
    TRY(lake_query(scope, sql_regression_currencies,
                   BINDS(BIND_INT64(options->from_day), BIND_INT64(options->to_day)), &rows));
    while (rows_next(rows) && count < 2)
        currencies[count++] = text_copy(&scope->arena, rows_text(rows, 0));
    TRY(rows_end(rows));
    if (count == 2)
        return scope_fail(scope, INVALID,
                          "amounts in several currencies (%.*s, %.*s, …) cannot be compared",
                          TEXT_ARG(currencies[0]), TEXT_ARG(currencies[1]));
    *ret_currency = currencies[0];
    return OK;
}

// Narrows the period to the days that there are, and tells how many rows there may be.
static code read_span(struct scope *scope, struct regression_options *options,
                      size_t *ret_row_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t first = -200000, last = 1000000; // days that both databases have names for
    const int64_t from = options->from_day == REGRESSION_NO_DAY ? first : options->from_day;
    const int64_t to = options->to_day == REGRESSION_NO_DAY ? last : options->to_day;
    const bool of_receipts = options->unit == REGRESSION_OF_RECEIPTS;
    int64_t count = 0;

    TRY(lake_query(scope, sql_regression_span, BINDS(BIND_INT64(from), BIND_INT64(to)), &rows));
    if (rows_next(rows)) {
        count = rows_int64(rows, of_receipts ? 2 : 3);
        options->from_day = (int32_t)rows_int64(rows, 0);
        if (options->to_day == REGRESSION_NO_DAY)
            options->to_day = (int32_t)rows_int64(rows, 1);
    }
    TRY(rows_end(rows));
    if (count == 0) {
        scope_fail(scope, INVALID, "there are no %s in the period",
                   of_receipts ? "receipts" : "customers who bought");
        return scope_hint(scope, "import receipts, or choose other days");
    }
    if (count > REGRESSION_ROWS_MOST) {
        scope_fail(scope, TOO_LARGE, "%" PRId64 " rows are more than %d", count,
                   REGRESSION_ROWS_MOST);
        return scope_hint(scope, "choose a shorter period");
    }
    *ret_row_count = (size_t)count;
    return OK;
}

// ---- the rows ----

struct reading {
    const struct regression_options *options;
    struct regression_table *table;
    double *numbers[REGRESSION_DRIVERS];
    uint16_t *codes[REGRESSION_DRIVERS];
    struct level_table *levels[REGRESSION_DRIVERS];
    size_t capacity;
};

static void make_room(struct scope *scope, struct reading *reading) {
    struct arena *arena = &scope->arena;

    reading->table->ids = arena_array(arena, reading->capacity, sizeof(int64_t));
    reading->table->outcome = arena_array(arena, reading->capacity, sizeof(double));
    for (size_t i = 0; i < reading->options->driver_count; i++)
        if (regression_is_number(reading->options->drivers[i]))
            reading->numbers[i] = arena_array(arena, reading->capacity, sizeof(double));
        else {
            reading->codes[i] = arena_array(arena, reading->capacity, sizeof(uint16_t));
            reading->levels[i] = level_table_new(scope, reading->options->drivers[i]->type);
        }
}

// A row counts when all its numbers are known; a level that is not stated is a level.
static bool is_complete(const struct reading *reading, const struct rows *rows) {
    if (rows_is_null(rows, 1))
        return false;
    for (size_t i = 0; i < reading->options->driver_count; i++)
        if (reading->numbers[i] && rows_is_null(rows, 2 + i))
            return false;
    return true;
}

static code read_row(struct scope *scope, struct reading *reading, const struct rows *rows) {
    struct regression_table *table = reading->table;
    const size_t at = table->row_count;
    const double outcome = rows_double(rows, 1);

    if (!is_complete(reading, rows)) {
        table->incomplete_count++;
        return OK;
    }
    if (reading->options->is_logarithmic && !(outcome > 0)) {
        table->not_positive_count++;
        return OK;
    }
    table->ids[at] = rows_int64(rows, 0);
    table->outcome[at] = reading->options->is_logarithmic ? log(outcome) : outcome;
    for (size_t i = 0; i < reading->options->driver_count; i++)
        if (reading->numbers[i])
            reading->numbers[i][at] = rows_double(rows, 2 + i);
        else
            TRY(level_table_code(scope, reading->levels[i], rows, 2 + i, &reading->codes[i][at]));
    table->row_count++;
    return OK;
}

// Rows that came since they were counted (in PostgreSQL) are left to the next run.
static code read_rows(struct scope *scope, struct reading *reading) {
    CLEANUP(statement_clear) struct statement statement = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t seen = 0;

    regression_compile(&statement, reading->options);
    TRY(lake_query(scope, statement_sql(&statement), statement_binds(&statement), &rows));
    while (reading->table->row_count < reading->capacity && rows_next(rows)) {
        TRY(read_row(scope, reading, rows));
        if (++seen % 65536 == 0) {
            progress_report(scope->progress, "reading", seen, (int64_t)reading->capacity, "rows");
            TRY(scope_check(scope));
        }
    }
    return rows_end(rows);
}

code regression_read(struct scope *scope, const struct regression_options *options,
                     struct regression_table *ret_table) {
    struct regression_table table = {0};
    struct regression_options narrowed = *options;
    struct reading reading = {.options = &narrowed, .table = &table};

    TRY(read_span(scope, &narrowed, &reading.capacity));
    TRY(read_currency(scope, &narrowed, &table.currency));
    table.first_day = narrowed.from_day;
    table.last_day = narrowed.to_day;
    make_room(scope, &reading);
    TRY(read_rows(scope, &reading));
    for (size_t i = 0; i < options->driver_count; i++)
        if (reading.numbers[i])
            table.columns[i] = (struct regression_column){.numbers = reading.numbers[i]};
        else
            level_table_finish(scope, reading.levels[i], reading.codes[i], table.row_count,
                               &table.columns[i], &table.levels[i], &table.merged_levels[i]);
    *ret_table = table;
    return OK;
}
