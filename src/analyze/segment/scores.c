// SPDX-License-Identifier: Apache-2.0
// Scores are ranks among all customers, so they are worked out of everybody's documents, also for
// the facts of a page of customers.
#include "analyze/segment/scores.h"

#include "analyze/rfm/rfm.h"
#include "base/limits.h"

#include <string.h>

// The clause's filters on the days that count.
static code read_selection(struct compiler *compiler, const struct segment_clause *clause,
                           struct selection *ret_selection) {
    struct selection selection = *clause->scored;
    int32_t from_day, to_day;

    compiler_days(compiler, &clause->window, &from_day, &to_day);
    selection.has_from = from_day != SEGMENT_NO_DAY;
    selection.from_day = from_day;
    selection.has_to = true;
    selection.to_day = to_day;
    TRY(selection_find_codes(compiler->scope, &selection));
    *ret_selection = selection;
    return OK;
}

static code compile_scores(struct compiler *compiler, struct scored_table *table) {
    CLEANUP(statement_clear) struct statement statement = {.bound_before = compiler->bind_count};
    struct text currency;

    TRY(selection_currency(compiler->scope, &table->selection, &currency)); // refuses several
    rfm_write_scores(&statement, &table->selection);
    compiler_take_binds(compiler, statement_binds(&statement));
    table->sql = arena_printf(&compiler->scope->arena, "%s", statement_sql(&statement));
    return OK;
}

static code prepare_clause(struct compiler *compiler, const struct segment_clause *clause) {
    struct selection selection;
    struct scored_table *table;
    size_t i = 0;

    TRY(read_selection(compiler, clause, &selection));
    while (i < compiler->scored_count &&
           !selection_equal(&compiler->scored[i].selection, &selection))
        i++;
    table = &compiler->scored[i];
    table->asked[table->asked_count++] = clause->scored;
    if (i < compiler->scored_count)
        return OK;
    table->selection = selection;
    compiler->scored_count++;
    return compile_scores(compiler, table);
}

code scores_prepare(struct compiler *compiler, const struct segment_node *tree) {
    const struct segment_clause *clauses[LIMIT_SEGMENT_CLAUSES];
    const size_t count = segment_clauses(tree, clauses);
    struct arena *arena = &compiler->scope->arena;
    size_t scored = 0;

    for (size_t i = 0; i < count; i++)
        scored += clauses[i]->type == CLAUSE_RFM;
    if (scored == 0)
        return OK;
    compiler->scored = arena_array(arena, scored, sizeof(*compiler->scored));
    for (size_t i = 0; i < scored; i++)
        compiler->scored[i] = (struct scored_table){
            .asked = arena_array(arena, scored, sizeof(*compiler->scored[i].asked))};
    for (size_t i = 0; i < count; i++)
        if (clauses[i]->type == CLAUSE_RFM)
            TRY(prepare_clause(compiler, clauses[i]));
    return OK;
}

static bool is_asked_by(const struct scored_table *table, const struct segment_clause *clause) {
    for (size_t i = 0; i < table->asked_count; i++)
        if (table->asked[i] == clause->scored)
            return true;
    return false;
}

const char *scores_column(struct compiler *compiler, const struct segment_clause *clause) {
    size_t i = 0;

    while (!is_asked_by(&compiler->scored[i], clause))
        i++; // scores_prepare has met every clause
    return arena_printf(&compiler->scope->arena, "rfm%zu.%s", i, clause->field->column);
}

void scores_write_tables(const struct compiler *compiler, struct buffer *out, const char *joint) {
    for (size_t i = 0; i < compiler->scored_count; i++) {
        buffer_printf(out, "%srfm%zu AS (\n", joint, i);
        buffer_add_string(out, compiler->scored[i].sql);
        buffer_add_char(out, ')');
        joint = ",\n";
    }
}

void scores_write_joins(const struct compiler *compiler, struct buffer *out) {
    for (size_t i = 0; i < compiler->scored_count; i++)
        buffer_printf(out, "\nLEFT JOIN rfm%zu ON rfm%zu.customer = c.id", i, i);
}
