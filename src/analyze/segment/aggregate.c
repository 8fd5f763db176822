// SPDX-License-Identifier: Apache-2.0
// Receipts are few, lines are many: a clause asks lines only when it speaks of products, quantities
// or coupons, and the products of events only when it speaks of products. Within one table,
// conditions and days that every column shares become the WHERE of the scan; the others become
// FILTERs of their aggregates.
#include "analyze/segment/aggregate.h"
#include "analyze/segment/scores.h"

#include <string.h>

static const struct {
    const char *name; // of the common table expression
    const char *table;
    const char *day; // column of the facts
} sources[SOURCE_COUNT] = {
    [SOURCE_RECEIPTS] = {"receipts", "sale", "f.sold_on"},
    [SOURCE_LINES] = {"lines", "sale_line", "f.sold_on"},
    [SOURCE_EVENTS] = {"events", "event", "f.happened_on"},
    [SOURCE_EVENT_PRODUCTS] = {"event_products", "event_product", "f.happened_on"},
    [SOURCE_CONSENTS] = {"consents", "consent", NULL},
};

static const struct {
    const char *table, *name;
    const char *key; // column of the facts
} matched_tables[MATCHED_TABLES] = {
    {"product", "matched_product", "f.product_id"},
    {"store", "matched_store", "f.store_id"},
};

// ---- values ----

static bool binds_equal(const struct bind *a, const struct bind *b) {
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case BIND_TYPE_INT64:
        return a->int64 == b->int64;
    case BIND_TYPE_DOUBLE:
        return a->number == b->number;
    case BIND_TYPE_TEXT:
        return text_equal(a->text, b->text);
    case BIND_TYPE_BOOL:
        return a->boolean == b->boolean;
    case BIND_TYPE_NULL:
        break;
    }
    return true;
}

static void add_bind(struct compiler *compiler, struct bind bind) {
    const size_t count = compiler->bind_count;

    if (count == compiler->bind_capacity) {
        const size_t capacity = count > 0 ? 2 * count : 16;
        struct bind *binds = arena_array(&compiler->scope->arena, capacity, sizeof(*binds));

        if (count > 0)
            memcpy(binds, compiler->binds, count * sizeof(*binds));
        compiler->binds = binds;
        compiler->bind_capacity = capacity;
    }
    compiler->binds[compiler->bind_count++] = bind;
}

const char *compiler_bind(struct compiler *compiler, struct bind bind) {
    size_t i = 0;

    while (i < compiler->bind_count && !binds_equal(&compiler->binds[i], &bind))
        i++;
    if (i == compiler->bind_count)
        add_bind(compiler, bind);
    return arena_printf(&compiler->scope->arena, "$%zu", i + 1);
}

void compiler_take_binds(struct compiler *compiler, struct binds binds) {
    for (size_t i = 0; i < binds.count; i++)
        add_bind(compiler, binds.values[i]);
}

const char *compiler_bind_day(struct compiler *compiler, int32_t day) {
    struct arena *arena = &compiler->scope->arena;
    char text[TIME_TEXT_SIZE];
    const struct text written = text_copy(arena, text_of(day_format(day, text)));

    // The value may be bound for a comparison of texts as well: what is bound is a text.
    return arena_printf(arena, "CAST(CAST(%s AS TEXT) AS DATE)",
                        compiler_bind(compiler, BIND_TEXT(written)));
}

const char *compiler_one_of(struct compiler *compiler, const char *expression,
                            const struct text *values, size_t count) {
    CLEANUP(buffer_clear) struct buffer sql = {0};

    if (count == 1)
        return arena_printf(&compiler->scope->arena, "%s = %s", expression,
                            compiler_bind(compiler, BIND_TEXT(values[0])));
    buffer_printf(&sql, "%s IN (", expression);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&sql, "%s%s", i > 0 ? ", " : "",
                      compiler_bind(compiler, BIND_TEXT(values[i])));
    buffer_add_char(&sql, ')');
    return text_string(&compiler->scope->arena, buffer_text(&sql));
}

// ---- columns ----

static bool columns_equal(const struct fact_column *a, const struct fact_column *b) {
    if (strcmp(a->expression, b->expression) != 0 || a->condition_count != b->condition_count ||
        a->from_day != b->from_day || a->to_day != b->to_day)
        return false;
    for (size_t i = 0; i < a->condition_count; i++)
        if (strcmp(a->conditions[i], b->conditions[i]) != 0)
            return false;
    return true;
}

// "receipts.v2": this column, or one that is equal to it.
static const char *add_column(struct compiler *compiler, enum fact_source source,
                              const struct fact_column *column) {
    struct arena *arena = &compiler->scope->arena;
    struct fact_table *table = &compiler->facts[source];
    size_t i = 0;

    while (i < table->count && !columns_equal(&table->columns[i], column))
        i++;
    if (i == table->count) {
        struct fact_column *columns = arena_array(arena, i + 1, sizeof(*columns));

        if (i > 0)
            memcpy(columns, table->columns, i * sizeof(*columns));
        columns[table->count++] = *column;
        table->columns = columns;
    }
    return arena_printf(arena, "%s.v%zu", sources[source].name, i);
}

static void add_condition(struct fact_column *column, const char *condition) {
    column->conditions[column->condition_count++] = condition;
}

// "matched_product.m2": this condition on the product of a line.
static const char *match(struct compiler *compiler, size_t index, const char *condition) {
    struct arena *arena = &compiler->scope->arena;
    struct matched_table *table = &compiler->matched[index];
    size_t i = 0;

    while (i < table->count && strcmp(table->conditions[i], condition) != 0)
        i++;
    if (i == table->count) {
        const char **conditions = arena_array(arena, i + 1, sizeof(*conditions));

        if (i > 0)
            memcpy(conditions, table->conditions, i * sizeof(*conditions));
        conditions[table->count++] = condition;
        table->conditions = conditions;
    }
    return arena_printf(arena, "%s.m%zu", matched_tables[index].name, i);
}

static void restrict_column(struct compiler *compiler, const struct segment_clause *clause,
                            struct fact_column *column) {
    struct arena *arena = &compiler->scope->arena;

    for (size_t i = 0; i < RESTRICTION_COUNT; i++) {
        const struct segment_restriction *restriction = &segment_restrictions[i];
        const struct segment_restricted *where = &clause->where[i];
        const char *condition;

        if (where->count == 0)
            continue;
        condition = compiler_one_of(
            compiler,
            arena_printf(arena, "%s.%s", restriction->table ? "t" : "f", restriction->column),
            where->values, where->count);
        if (restriction->table)
            condition = match(compiler, strcmp(restriction->table, "store") == 0, condition);
        add_condition(column, condition);
    }
}

void compiler_days(const struct compiler *compiler, const struct segment_window *window,
                   int32_t *ret_from_day, int32_t *ret_to_day) {
    const int32_t as_of_day = compiler->moment->as_of_day;

    *ret_from_day = window->from_day;
    *ret_to_day = as_of_day;
    if (window->to_day != SEGMENT_NO_DAY && window->to_day < as_of_day)
        *ret_to_day = window->to_day;
    if (window->days > 0)
        *ret_from_day = as_of_day - window->days + 1;
    if (*ret_from_day != SEGMENT_NO_DAY && *ret_from_day < day_from_civil(1, 1, 1))
        *ret_from_day = SEGMENT_NO_DAY;
}

static bool asks_lines(const struct segment_clause *clause) {
    for (size_t i = 0; i < RESTRICTION_COUNT; i++)
        if (clause->where[i].count > 0 && segment_restrictions[i].of_lines)
            return true;
    return clause->field->measure == MEASURE_QUANTITY ||
           clause->field->measure == MEASURE_DISTINCT_PRODUCTS;
}

static const char *expression_of(enum measure measure, enum fact_source source) {
    switch (measure) {
    case MEASURE_COUNT:
        return source == SOURCE_LINES ? "count(DISTINCT f.sale_id)" : "count(*)";
    case MEASURE_SUM_GROSS:
    case MEASURE_AVERAGE_RECEIPT:
        return "sum(f.gross_micros)";
    case MEASURE_SUM_NET:
        return "sum(f.net_micros)";
    case MEASURE_QUANTITY:
        return "sum(f.quantity_micros)";
    case MEASURE_DAYS_SINCE_LAST:
    case MEASURE_LAST_ON:
        return "max(f.sold_on)";
    case MEASURE_DAYS_SINCE_FIRST:
    case MEASURE_FIRST_ON:
        return "min(f.sold_on)";
    case MEASURE_DISTINCT_PRODUCTS:
        return "count(DISTINCT f.product_id)";
    case MEASURE_NONE:
        break;
    }
    return "NULL";
}

static bool counts_all_kinds(enum measure measure) {
    return measure == MEASURE_SUM_GROSS || measure == MEASURE_SUM_NET ||
           measure == MEASURE_QUANTITY;
}

static const char *sales_column(struct compiler *compiler, const struct segment_clause *clause,
                                const char **ret_divisor) {
    const enum fact_source source = asks_lines(clause) ? SOURCE_LINES : SOURCE_RECEIPTS;
    const enum measure measure = clause->field->measure;
    struct fact_column column = {.expression = expression_of(measure, source)};

    compiler_days(compiler, &clause->window, &column.from_day, &column.to_day);
    restrict_column(compiler, clause, &column);
    if (clause->where[RESTRICT_KIND].count == 0 && !counts_all_kinds(measure))
        add_condition(&column, compiler_one_of(compiler, "f.kind", &TEXT("sale"), 1));
    if (measure == MEASURE_AVERAGE_RECEIPT) {
        struct fact_column divisor = column;

        divisor.expression = expression_of(MEASURE_COUNT, source);
        *ret_divisor = add_column(compiler, source, &divisor);
    }
    return add_column(compiler, source, &column);
}

static const char *event_column(struct compiler *compiler, const struct segment_clause *clause) {
    const bool of_products =
        clause->where[RESTRICT_PRODUCT].count > 0 || clause->where[RESTRICT_CATEGORY].count > 0;
    struct fact_column column = {.expression =
                                     of_products ? "count(DISTINCT f.event_id)" : "count(*)"};

    compiler_days(compiler, &clause->window, &column.from_day, &column.to_day);
    restrict_column(compiler, clause, &column);
    add_condition(&column, compiler_one_of(compiler, "f.name", &clause->name, 1));
    return add_column(compiler, of_products ? SOURCE_EVENT_PRODUCTS : SOURCE_EVENTS, &column);
}

static const char *consent_column(struct compiler *compiler, const struct segment_clause *clause) {
    struct fact_column column = {
        .expression = "max(f.state)", .from_day = SEGMENT_NO_DAY, .to_day = SEGMENT_NO_DAY};

    add_condition(&column, compiler_one_of(compiler, "f.purpose", &clause->name, 1));
    add_condition(&column, compiler_one_of(compiler, "f.channel", &clause->channel, 1));
    return add_column(compiler, SOURCE_CONSENTS, &column);
}

const char *aggregate_column(struct compiler *compiler, const struct segment_clause *clause,
                             const char **ret_divisor) {
    *ret_divisor = NULL;
    if (clause->type == CLAUSE_EVENT)
        return event_column(compiler, clause);
    if (clause->type == CLAUSE_CONSENT)
        return consent_column(compiler, clause);
    return sales_column(compiler, clause, ret_divisor);
}

// ---- writing ----

// What all columns of a table ask for.
struct common {
    const char *conditions[COLUMN_CONDITIONS];
    size_t condition_count;
    int32_t from_day, to_day; // the days of all of them together
};

static bool asks_for(const struct fact_column *column, const char *condition) {
    for (size_t i = 0; i < column->condition_count; i++)
        if (strcmp(column->conditions[i], condition) == 0)
            return true;
    return false;
}

static struct common find_common(const struct fact_table *table) {
    const struct fact_column *first = &table->columns[0];
    struct common common = {.from_day = first->from_day, .to_day = first->to_day};

    for (size_t i = 0; i < first->condition_count; i++) {
        bool shared = true;

        for (size_t k = 1; k < table->count; k++)
            shared = shared && asks_for(&table->columns[k], first->conditions[i]);
        if (shared)
            common.conditions[common.condition_count++] = first->conditions[i];
    }
    for (size_t k = 1; k < table->count; k++) {
        const struct fact_column *column = &table->columns[k];

        // An open beginning is the smallest number there is.
        common.from_day = column->from_day < common.from_day ? column->from_day : common.from_day;
        common.to_day = column->to_day > common.to_day ? column->to_day : common.to_day;
    }
    return common;
}

static bool is_common(const struct common *common, const char *condition) {
    for (size_t i = 0; i < common->condition_count; i++)
        if (strcmp(common->conditions[i], condition) == 0)
            return true;
    return false;
}

static void write_bound(struct compiler *compiler, struct buffer *out, const char **joint,
                        const char *expression, const char *comparison, int32_t day) {
    buffer_printf(out, "%s%s %s %s", *joint, expression, comparison,
                  compiler_bind_day(compiler, day));
    *joint = " AND ";
}

static void write_column(struct compiler *compiler, struct buffer *out, enum fact_source source,
                         const struct common *common, size_t index) {
    const struct fact_column *column = &compiler->facts[source].columns[index];
    const char *const begin = " FILTER (WHERE ";
    const char *joint = begin;

    buffer_printf(out, ",\n        %s", column->expression);
    for (size_t i = 0; i < column->condition_count; i++)
        if (!is_common(common, column->conditions[i])) {
            buffer_printf(out, "%s%s", joint, column->conditions[i]);
            joint = " AND ";
        }
    if (column->from_day != common->from_day)
        write_bound(compiler, out, &joint, sources[source].day, ">=", column->from_day);
    if (column->to_day != common->to_day)
        write_bound(compiler, out, &joint, sources[source].day, "<=", column->to_day);
    buffer_printf(out, "%s AS v%zu", joint == begin ? "" : ")", index);
}

static const char *customer_of(const struct compiler *compiler) {
    return compiler->moment->has_aliases ? "coalesce(a.customer, f.origin)" : "f.origin";
}

// Only facts of the customers asked for. The origins are named rather than the customers: an index
// knows where those stand.
static void write_page(const struct compiler *compiler, struct buffer *out) {
    if (!compiler->page)
        return;
    buffer_printf(out, " AND f.origin IN (%s", compiler->page);
    if (compiler->moment->has_aliases)
        buffer_printf(out, " UNION ALL SELECT o.origin FROM alias o WHERE o.customer IN (%s)",
                      compiler->page);
    buffer_add_char(out, ')');
}

static void write_from(const struct compiler *compiler, struct buffer *out, const char *table) {
    buffer_printf(out, "\n    FROM %s f", table);
    if (compiler->moment->has_aliases)
        buffer_add_string(out, "\n    LEFT JOIN alias a ON a.origin = f.origin");
}

static bool starts_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void write_matched_joins(struct buffer *out, const struct fact_table *table) {
    for (size_t i = 0; i < MATCHED_TABLES; i++) {
        const char *name = matched_tables[i].name;
        size_t users = 0;

        for (size_t k = 0; k < table->count; k++) {
            bool uses = false;

            for (size_t j = 0; j < table->columns[k].condition_count; j++)
                uses = uses || starts_with(table->columns[k].conditions[j], name);
            users += uses;
        }
        if (users > 0) // rows that nothing asks for are dropped by the join
            buffer_printf(out, "\n    %sJOIN %s ON %s.id = %s",
                          users == table->count ? "" : "LEFT ", name, name, matched_tables[i].key);
    }
}

static void write_facts(struct compiler *compiler, struct buffer *out, enum fact_source source) {
    const struct fact_table *table = &compiler->facts[source];
    const struct common common = find_common(table);
    const char *joint = " AND ";

    buffer_printf(out, "%s AS (\n    SELECT %s AS customer", sources[source].name,
                  customer_of(compiler));
    for (size_t i = 0; i < table->count; i++)
        write_column(compiler, out, source, &common, i);
    write_from(compiler, out, sources[source].table);
    write_matched_joins(out, table);
    buffer_add_string(out, "\n    WHERE f.origin IS NOT NULL");
    for (size_t i = 0; i < common.condition_count; i++)
        buffer_printf(out, " AND %s", common.conditions[i]);
    if (common.from_day != SEGMENT_NO_DAY)
        write_bound(compiler, out, &joint, sources[source].day, ">=", common.from_day);
    write_bound(compiler, out, &joint, sources[source].day, "<=", common.to_day);
    write_page(compiler, out);
    buffer_add_string(out, "\n    GROUP BY 1\n)");
}

// The latest fact per purpose and channel holds; of two at the same instant the later delivered.
// Where several origins are one customer, the strictest of what each said last: a join never widens
// what is allowed. What was said after they had become one speaks for all of them
// (govern/consent/consent.h).
static void write_consents(struct compiler *compiler, struct buffer *out) {
    const struct fact_table *table = &compiler->facts[SOURCE_CONSENTS];
    const int64_t end_us =
        zone_day_start_us(compiler->moment->zone, compiler->moment->as_of_day + 1);

    buffer_printf(out,
                  "latest_consents AS (\n    SELECT %s AS customer, f.purpose, f.channel, f.state,"
                  "%s\n        row_number() OVER (PARTITION BY f.origin, f.purpose, f.channel"
                  " ORDER BY f.at_us DESC, f.id DESC) AS place",
                  customer_of(compiler),
                  compiler->moment->has_aliases
                      ? " f.at_us, coalesce(a.joined_at_us, 0) AS joined_at_us,"
                      : "");
    write_from(compiler, out, "consent");
    buffer_printf(out, "\n    WHERE f.at_us < %s AND (",
                  compiler_bind(compiler, BIND_INT64(end_us)));
    for (size_t i = 0; i < table->count; i++)
        buffer_printf(out, "%s%s AND %s", i > 0 ? " OR " : "", table->columns[i].conditions[0],
                      table->columns[i].conditions[1]);
    buffer_add_char(out, ')');
    write_page(compiler, out);
    if (compiler->moment->has_aliases)
        buffer_add_string(
            out, "\n),\nspoken_consents AS (\n    SELECT f.*,"
                 "\n        max(CASE WHEN f.at_us > f.joined_at_us THEN f.at_us ELSE 0 END)"
                 " OVER (PARTITION BY f.customer, f.purpose, f.channel) AS overruled_us"
                 "\n    FROM latest_consents f WHERE f.place = 1"
                 "\n),\nstrictest_consents AS (\n    SELECT f.customer, f.purpose,"
                 " f.channel, f.state,\n        row_number() OVER (PARTITION BY f.customer,"
                 " f.purpose, f.channel ORDER BY CASE WHEN f.state = 'granted' THEN 1"
                 " ELSE 0 END, f.state) AS place\n    FROM spoken_consents f"
                 "\n    WHERE f.at_us >= f.overruled_us OR f.joined_at_us >= f.overruled_us");
    buffer_add_string(out, "\n),\nconsents AS (\n    SELECT f.customer");
    for (size_t i = 0; i < table->count; i++)
        buffer_printf(out, ",\n        %s FILTER (WHERE %s AND %s) AS v%zu",
                      table->columns[i].expression, table->columns[i].conditions[0],
                      table->columns[i].conditions[1], i);
    buffer_printf(out, "\n    FROM %s f WHERE f.place = 1 GROUP BY 1\n)",
                  compiler->moment->has_aliases ? "strictest_consents" : "latest_consents");
}

// The rows that some condition holds for, with one flag per condition.
static void write_matched(const struct compiler *compiler, struct buffer *out, size_t index) {
    const struct matched_table *table = &compiler->matched[index];

    buffer_printf(out, "%s AS (\n    SELECT t.id", matched_tables[index].name);
    for (size_t i = 0; i < table->count; i++)
        buffer_printf(out, ", %s AS m%zu", table->conditions[i], i);
    buffer_printf(out, "\n    FROM %s t WHERE ", matched_tables[index].table);
    for (size_t i = 0; i < table->count; i++)
        buffer_printf(out, "%s%s", i > 0 ? " OR " : "", table->conditions[i]);
    buffer_add_string(out, "\n)");
}

void aggregate_write_tables(struct compiler *compiler, struct buffer *out) {
    const char *joint = "WITH ";

    for (size_t i = 0; i < MATCHED_TABLES; i++)
        if (compiler->matched[i].count > 0) {
            buffer_add_string(out, joint);
            write_matched(compiler, out, i);
            joint = ",\n";
        }
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        if (compiler->facts[i].count == 0)
            continue;
        buffer_add_string(out, joint);
        if (i == SOURCE_CONSENTS)
            write_consents(compiler, out);
        else
            write_facts(compiler, out, (enum fact_source)i);
        joint = ",\n";
    }
    scores_write_tables(compiler, out, joint);
    if (out->size > 0)
        buffer_add_char(out, '\n');
}

void aggregate_write_joins(const struct compiler *compiler, struct buffer *out) {
    for (size_t i = 0; i < SOURCE_COUNT; i++)
        if (compiler->facts[i].count > 0)
            buffer_printf(out, "\nLEFT JOIN %s ON %s.customer = c.id", sources[i].name,
                          sources[i].name);
}
