// SPDX-License-Identifier: Apache-2.0
// The condition over the columns. A customer without facts has NULL in their columns; a clause must
// be true or false all the same. Where a NULL would be taken for false anyway, at the top and under
// "all" and "any", it is left standing, because the database can then drop such customers early;
// elsewhere it is replaced by what the clause says of nothing.
#include "analyze/segment/compile.h"

#include "analyze/segment/aggregate.h"
#include "analyze/segment/scores.h"
#include "base/limits.h"

#include <inttypes.h>

// Whether NULL may stand for false.
enum nulls { NULLS_ARE_FALSE, NULLS_ARE_REPLACED };

static const char *const signs[COMPARISON_COUNT] = {
    [COMPARE_IS] = "=",       [COMPARE_IS_NOT] = "<>", [COMPARE_AT_LEAST] = ">=",
    [COMPARE_AT_MOST] = "<=", [COMPARE_MORE] = ">",    [COMPARE_LESS] = "<",
};

// ---- attributes ----

// A member's value as text, and as a number where it is written like one.
static const char *member_text(struct compiler *compiler, const struct segment_clause *clause) {
    struct text member;

    text_split(clause->name, '.', &member);
    return arena_printf(&compiler->scope->arena,
                        "(CAST(c.attributes AS JSON) ->> CAST(%s AS TEXT))",
                        compiler_bind(compiler, BIND_TEXT(member)));
}

static const char *member_number(struct compiler *compiler, const struct segment_clause *clause) {
    const char *text = member_text(compiler, clause);

    return arena_printf(&compiler->scope->arena,
                        "CASE WHEN %s ~ '^-?[0-9]{1,15}([.][0-9]{1,15})?([eE][+-]?[0-9]{1,2})?$' "
                        "THEN CAST(%s AS DOUBLE PRECISION) END",
                        text, text);
}

static bool is_estimate(const struct segment_clause *clause) {
    return clause->field->estimated_by != 0;
}

static const char *attribute_subject(struct compiler *compiler,
                                     const struct segment_clause *clause) {
    if (clause->field->type == VALUE_MEMBER)
        return member_text(compiler, clause);
    if (is_estimate(clause))
        return arena_printf(&compiler->scope->arena,
                            "(SELECT s.%s FROM analysis_score s "
                            "WHERE s.customer = c.id AND s.kind = %d)",
                            clause->field->column, clause->field->estimated_by);
    return arena_printf(&compiler->scope->arena, "c.%s", clause->field->column);
}

static bool is_instant(const struct segment_clause *clause) {
    return clause->field->type == VALUE_DAY && clause->type == CLAUSE_ATTRIBUTE &&
           text_is(clause->name, "created_on");
}

// A day of an instant: compared with the instants at which days begin.
static const char *instant_condition(struct compiler *compiler, const struct segment_clause *clause,
                                     const char *subject) {
    const bool of_end = clause->comparison == COMPARE_MORE || clause->comparison == COMPARE_AT_MOST;
    const bool after = clause->comparison == COMPARE_MORE || clause->comparison == COMPARE_AT_LEAST;
    struct arena *arena = &compiler->scope->arena;
    const int32_t day = (int32_t)clause->values[0].int64;
    const int64_t begin_us = zone_day_start_us(compiler->moment->zone, day);
    const int64_t end_us = zone_day_start_us(compiler->moment->zone, day + 1);

    if (clause->comparison == COMPARE_IS)
        return arena_printf(arena, "(%s >= %s AND %s < %s)", subject,
                            compiler_bind(compiler, BIND_INT64(begin_us)), subject,
                            compiler_bind(compiler, BIND_INT64(end_us)));
    return arena_printf(arena, "%s %s %s", subject, after ? ">=" : "<",
                        compiler_bind(compiler, BIND_INT64(of_end ? end_us : begin_us)));
}

// One of the values: numbers are compared as numbers.
static const char *equal_condition(struct compiler *compiler, const struct segment_clause *clause,
                                   const char *subject) {
    CLEANUP(buffer_clear) struct buffer sql = {0};
    struct text *texts =
        arena_array(&compiler->scope->arena, clause->value_count + 1, sizeof(*texts));
    const char *joint = "(";
    size_t count = 0;

    for (size_t i = 0; i < clause->value_count; i++) {
        const struct segment_value *value = &clause->values[i];

        if (value->type == SEGMENT_VALUE_TEXT) {
            texts[count++] = value->text;
            continue;
        }
        buffer_printf(&sql, "%s%s = %s", joint, member_number(compiler, clause),
                      compiler_bind(compiler, BIND_DOUBLE(value->number)));
        joint = " OR ";
    }
    if (count > 0)
        buffer_printf(&sql, "%s%s", joint, compiler_one_of(compiler, subject, texts, count));
    buffer_add_char(&sql, ')');
    return text_string(&compiler->scope->arena, buffer_text(&sql));
}

static const char *text_condition(struct compiler *compiler, const struct segment_clause *clause,
                                  const char *subject) {
    struct arena *arena = &compiler->scope->arena;
    const struct segment_value *value = clause->values;
    const char *sign = signs[clause->comparison];

    if (clause->comparison == COMPARE_CONTAINS)
        return arena_printf(arena, "strpos(%s, %s) > 0", subject,
                            compiler_bind(compiler, BIND_TEXT(value->text)));
    if (clause->comparison == COMPARE_STARTS_WITH)
        return arena_printf(arena, "starts_with(%s, %s)", subject,
                            compiler_bind(compiler, BIND_TEXT(value->text)));
    if (clause->comparison != COMPARE_AT_LEAST && clause->comparison != COMPARE_AT_MOST &&
        clause->comparison != COMPARE_MORE && clause->comparison != COMPARE_LESS)
        return equal_condition(compiler, clause, subject);
    if (value->type == SEGMENT_VALUE_NUMBER)
        return arena_printf(arena, "%s %s %s", member_number(compiler, clause), sign,
                            compiler_bind(compiler, BIND_DOUBLE(value->number)));
    return arena_printf(arena, "%s %s %s", subject, sign,
                        compiler_bind(compiler, BIND_TEXT(value->text)));
}

static const char *attribute_condition(struct compiler *compiler,
                                       const struct segment_clause *clause) {
    struct arena *arena = &compiler->scope->arena;
    const char *subject = attribute_subject(compiler, clause);

    if (clause->comparison == COMPARE_IS_KNOWN || clause->comparison == COMPARE_IS_UNKNOWN)
        return arena_printf(arena, "%s IS %sNULL", subject,
                            clause->comparison == COMPARE_IS_KNOWN ? "NOT " : "");
    if (is_instant(clause))
        return instant_condition(compiler, clause, subject);
    if (clause->field->type == VALUE_BOOL)
        return arena_printf(arena, "%s = %s", subject,
                            compiler_bind(compiler, BIND_BOOL(clause->values[0].int64 != 0)));
    if (clause->field->type == VALUE_DAY)
        return arena_printf(arena, "%s %s %s", subject, signs[clause->comparison],
                            compiler_bind_day(compiler, (int32_t)clause->values[0].int64));
    if (is_estimate(clause))
        return arena_printf(arena, "%s %s %s", subject, signs[clause->comparison],
                            compiler_bind(compiler, BIND_INT64(clause->values[0].int64)));
    return text_condition(compiler, clause, subject);
}

// ---- facts ----

// "At least 90 days ago" is "on that day or before".
static const char *days_condition(struct compiler *compiler, const struct segment_clause *clause,
                                  const char *column) {
    static const char *const reversed[COMPARISON_COUNT] = {
        [COMPARE_IS] = "=",   [COMPARE_AT_LEAST] = "<=", [COMPARE_AT_MOST] = ">=",
        [COMPARE_MORE] = "<", [COMPARE_LESS] = ">",
    };
    const int32_t earliest = day_from_civil(1, 1, 1);
    const int32_t day = compiler->moment->as_of_day - (int32_t)clause->values[0].int64;

    return arena_printf(&compiler->scope->arena, "%s %s %s", column, reversed[clause->comparison],
                        compiler_bind_day(compiler, day > earliest ? day : earliest));
}

static const char *group_condition(struct compiler *compiler, const struct segment_clause *clause,
                                   const char *column) {
    struct text *names = arena_array(&compiler->scope->arena, clause->value_count, sizeof(*names));

    for (size_t i = 0; i < clause->value_count; i++)
        names[i] = clause->values[i].text;
    return compiler_one_of(compiler, column, names, clause->value_count);
}

// The column that a clause compares, and the one that it divides by, if any.
static const char *fact_column(struct compiler *compiler, const struct segment_clause *clause,
                               const char **ret_divisor) {
    *ret_divisor = NULL;
    if (clause->type == CLAUSE_RFM)
        return scores_column(compiler, clause);
    return aggregate_column(compiler, clause, ret_divisor);
}

static const char *fact_condition(struct compiler *compiler, const struct segment_clause *clause) {
    struct arena *arena = &compiler->scope->arena;
    const char *divisor;
    const char *column = fact_column(compiler, clause, &divisor);
    const char *sign = signs[clause->comparison];

    if (clause->field->type == VALUE_GROUP)
        return group_condition(compiler, clause, column);
    if (clause->type == CLAUSE_CONSENT)
        return compiler_one_of(compiler, column, &TEXT("granted"), 1);
    if (clause->comparison == COMPARE_IS_KNOWN || clause->comparison == COMPARE_IS_UNKNOWN)
        return arena_printf(arena, "%s IS %sNULL", column,
                            clause->comparison == COMPARE_IS_KNOWN ? "NOT " : "");
    if (clause->field->type == VALUE_DAYS)
        return days_condition(compiler, clause, column);
    if (clause->field->type == VALUE_DAY)
        return arena_printf(arena, "%s %s %s", column, sign,
                            compiler_bind_day(compiler, (int32_t)clause->values[0].int64));
    if (divisor)
        return arena_printf(arena, "CAST(%s AS DOUBLE PRECISION) / nullif(%s, 0) %s %s", column,
                            divisor, sign,
                            compiler_bind(compiler, BIND_DOUBLE((double)clause->values[0].int64)));
    return arena_printf(arena, "%s %s %s", column, sign,
                        compiler_bind(compiler, BIND_INT64(clause->values[0].int64)));
}

// Does the clause hold for a customer without facts?
static bool holds_of_nothing(const struct segment_clause *clause) {
    const int64_t value = clause->value_count > 0 ? clause->values[0].int64 : 0;

    if (!clause->field->zero_without)
        return false;
    switch ((int)clause->comparison) {
    case COMPARE_IS:
        return value == 0;
    case COMPARE_AT_LEAST:
        return value <= 0;
    case COMPARE_AT_MOST:
        return value >= 0;
    case COMPARE_MORE:
        return value < 0;
    case COMPARE_LESS:
        return value > 0;
    default:
        return false;
    }
}

// ---- the tree ----

static bool is_negation(enum comparison comparison) {
    return comparison == COMPARE_IS_NOT || comparison == COMPARE_NOT_IN ||
           comparison == COMPARE_NOT_GRANTED;
}

// The opposite stands in the condition already where the comparison has none of its own sign.
static const char *positive_condition(struct compiler *compiler,
                                      const struct segment_clause *clause) {
    struct segment_clause positive = *clause;

    if (clause->comparison == COMPARE_IS_NOT)
        positive.comparison = COMPARE_IS;
    if (clause->type == CLAUSE_ATTRIBUTE)
        return attribute_condition(compiler, &positive);
    return fact_condition(compiler, &positive);
}

static void write_clause(struct compiler *compiler, struct buffer *out,
                         const struct segment_clause *clause, enum nulls nulls) {
    const bool never_null =
        clause->comparison == COMPARE_IS_KNOWN || clause->comparison == COMPARE_IS_UNKNOWN;
    const bool negated = is_negation(clause->comparison);
    const bool of_nothing = holds_of_nothing(clause);
    const char *condition = positive_condition(compiler, clause);

    if (never_null || (nulls == NULLS_ARE_FALSE && !negated && !of_nothing))
        buffer_add_string(out, condition);
    else
        buffer_printf(out, "%scoalesce(%s, %s)", negated ? "NOT " : "", condition,
                      of_nothing ? "TRUE" : "FALSE");
}

static void write_condition(struct compiler *compiler, struct buffer *out,
                            const struct segment_node *node, enum nulls nulls) {
    const char *joint = node->kind == NODE_ANY ? " OR " : " AND ";

    if (node->kind == NODE_CLAUSE && node->clause->type == CLAUSE_SEGMENT) {
        const bool out_of = node->clause->comparison == COMPARE_NOT_IN;

        buffer_add_string(out, out_of ? "NOT (" : "(");
        write_condition(compiler, out, node->clause->inlined, out_of ? NULLS_ARE_REPLACED : nulls);
        buffer_add_char(out, ')');
        return;
    }
    if (node->kind == NODE_CLAUSE) {
        write_clause(compiler, out, node->clause, nulls);
        return;
    }
    if (!node->first) {
        buffer_add_string(out, "TRUE"); // an empty "all"
        return;
    }
    buffer_add_string(out, node->kind == NODE_NOT ? "NOT (" : "(");
    for (const struct segment_node *child = node->first; child; child = child->next) {
        write_condition(compiler, out, child, node->kind == NODE_NOT ? NULLS_ARE_REPLACED : nulls);
        if (child->next)
            buffer_add_string(out, joint);
    }
    buffer_add_char(out, ')');
}

size_t segment_clauses(const struct segment_node *tree, const struct segment_clause **clauses) {
    size_t count = 0;

    if (tree->kind == NODE_CLAUSE && tree->clause->type == CLAUSE_SEGMENT)
        return segment_clauses(tree->clause->inlined, clauses);
    if (tree->kind == NODE_CLAUSE)
        clauses[count++] = tree->clause;
    for (const struct segment_node *child = tree->first; child; child = child->next)
        count += segment_clauses(child, clauses + count);
    return count;
}

// ---- facts of a page of customers ----

static void write_fact(struct compiler *compiler, struct buffer *out,
                       const struct segment_clause *clause) {
    const char *divisor = NULL;
    const char *fact = clause->type == CLAUSE_ATTRIBUTE ? attribute_subject(compiler, clause)
                                                        : fact_column(compiler, clause, &divisor);

    if (divisor)
        buffer_printf(out, "CAST(%s AS DOUBLE PRECISION) / nullif(%s, 0)", fact, divisor);
    else if (clause->field->zero_without)
        buffer_printf(out, "coalesce(%s, 0)", fact);
    else
        buffer_add_string(out, fact);
}

static void write_facts(struct compiler *compiler, struct buffer *out,
                        const struct segment_node *tree) {
    const struct segment_clause *clauses[LIMIT_SEGMENT_CLAUSES];
    const size_t count = segment_clauses(tree, clauses);

    buffer_add_string(out, "SELECT c.id");
    for (size_t i = 0; i < count; i++) {
        buffer_add_string(out, ",\n    ");
        write_fact(compiler, out, clauses[i]);
        buffer_printf(out, " AS fact%zu,\n    ", i);
        write_clause(compiler, out, clauses[i], NULLS_ARE_REPLACED);
        buffer_printf(out, " AS holds%zu", i);
    }
}

// Ids stand in the text: there may be thousands of them.
static const char *page_of(struct compiler *compiler, const int64_t *customers, size_t count) {
    CLEANUP(buffer_clear) struct buffer sql = {0};

    buffer_add_string(&sql, "SELECT CAST(p.id AS BIGINT) FROM (VALUES ");
    for (size_t i = 0; i < count; i++)
        buffer_printf(&sql, "%s(%" PRId64 ")", i > 0 ? ", " : "", customers[i]);
    buffer_add_string(&sql, ") p (id)");
    return text_string(&compiler->scope->arena, buffer_text(&sql));
}

// ---- whole statements ----

// The columns that the conditions need are known once they are written, so they are written first.
static struct segment_query join_parts(struct compiler *compiler, const struct buffer *body,
                                       struct text condition, bool in_order) {
    CLEANUP(buffer_clear) struct buffer sql = {0};

    aggregate_write_tables(compiler, &sql);
    buffer_add_text(&sql, buffer_text(body));
    buffer_add_string(&sql, "\nFROM customer c");
    aggregate_write_joins(compiler, &sql);
    scores_write_joins(compiler, &sql);
    buffer_printf(&sql, "\nWHERE %.*s", TEXT_ARG(condition));
    if (in_order)
        buffer_add_string(&sql, "\nORDER BY c.id");
    return (struct segment_query){
        .sql = text_string(&compiler->scope->arena, buffer_text(&sql)),
        .binds = {.values = compiler->binds, .count = compiler->bind_count},
    };
}

code segment_compile(struct scope *scope, const struct segment_node *tree,
                     const struct segment_moment *moment, enum segment_output output,
                     const int64_t *customers, size_t customer_count,
                     struct segment_query *ret_query) {
    struct compiler compiler = {.scope = scope, .moment = moment};
    CLEANUP(buffer_clear) struct buffer condition = {0};
    CLEANUP(buffer_clear) struct buffer body = {0};

    TRY(scores_prepare(&compiler, tree));
    if (output == SEGMENT_OUTPUT_FACTS) {
        compiler.page = page_of(&compiler, customers, customer_count);
        write_facts(&compiler, &body, tree);
        buffer_printf(&condition, "c.id IN (%s)", compiler.page);
    } else {
        buffer_add_string(&body,
                          output == SEGMENT_OUTPUT_COUNT ? "SELECT count(*)" : "SELECT c.id");
        write_condition(&compiler, &condition, tree, NULLS_ARE_FALSE);
    }
    *ret_query =
        join_parts(&compiler, &body, buffer_text(&condition), output == SEGMENT_OUTPUT_IDS);
    return OK;
}

struct segment_query segment_compile_several(struct scope *scope,
                                             const struct segment_node *const *trees,
                                             size_t tree_count, const struct segment_moment *moment,
                                             const int64_t *customers, size_t customer_count) {
    struct compiler compiler = {.scope = scope, .moment = moment};
    CLEANUP(buffer_clear) struct buffer condition = {0};
    CLEANUP(buffer_clear) struct buffer body = {0};

    compiler.page = page_of(&compiler, customers, customer_count);
    buffer_printf(&condition, "c.id IN (%s)", compiler.page);
    buffer_add_string(&body, "SELECT c.id");
    for (size_t i = 0; i < tree_count; i++) {
        buffer_add_string(&body, ",\n    ");
        write_condition(&compiler, &body, trees[i], NULLS_ARE_REPLACED);
        buffer_printf(&body, " AS holds%zu", i);
    }
    return join_parts(&compiler, &body, buffer_text(&condition), true);
}
