// SPDX-License-Identifier: Apache-2.0
// First every table that is to be spread gets what its rows need for that (a value in the column,
// constraints that hold it), then one after the other is moved. Both are found in the catalogue, so
// whatever an interrupted run did is simply not in the next plan.
#include "store/distribute.h"

#include "base/progress.h"
#include "distribute_sql.h"
#include "store/distribution.h"
#include "store/ledger.h"
#include "store/ledger_postgresql.h"
#include "store/store_internal.h"

#include <inttypes.h>
#include <string.h>

// A table that stands as the cluster says.
struct moved_table {
    struct text table, type, column;
};

struct planning {
    struct distribute_plan plan;
    size_t capacity;
    struct moved_table *moved;
    size_t moved_count;
};

// Rows from before there was a home get one.
static const struct {
    const char *table, *sql;
} fills[] = {
    {"sale", sql_distribute_fill_sale},
    {"sale_line", sql_distribute_fill_sale_line},
    {"event", sql_distribute_fill_event},
    {"consent", sql_distribute_fill_consent},
};

static const char *fill_of(const char *table) {
    for (size_t i = 0; i < sizeof(fills) / sizeof(*fills); i++)
        if (strcmp(fills[i].table, table) == 0)
            return fills[i].sql;
    return NULL;
}

static struct bind name_of(struct scope *scope, const struct table_distribution *entry) {
    return BIND_STRING(arena_printf(&scope->arena, POSTGRESQL_SCHEMA ".%s", entry->table));
}

// ---- may it be done at all ----

static code fail_without_citus(struct scope *scope, bool is_available) {
    scope_fail(scope, INVALID, "the database has no Citus: its tables cannot be spread");
    if (is_available)
        return scope_hint(scope, "let a superuser run CREATE EXTENSION citus in it");
    return scope_hint(scope, "install Citus on the coordinator and the workers; docs/scale.md "
                             "says how, and when one PostgreSQL is enough");
}

static code check_workers(struct scope *scope) {
    int64_t count;

    TRY(ledger_int64(scope, sql_distribute_workers, NO_BINDS, 0, &count));
    if (count > 0)
        return OK;
    scope_fail(scope, INVALID, "the cluster has no workers yet");
    return scope_hint(scope, "let a superuser run citus_add_node('HOST', 5432) for each");
}

static code check_cluster(struct scope *scope) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    if (session_store(scope)->engine != &ledger_postgresql)
        return scope_fail(scope, INVALID,
                          "the store is a folder: only one in PostgreSQL can be "
                          "spread");
    TRY(ledger_find(scope, sql_distribute_look, NO_BINDS, &rows, &found));
    if (!rows_bool(rows, 0))
        return fail_without_citus(scope, rows_bool(rows, 1));
    if (!rows_bool(rows, 2)) {
        scope_fail(scope, INVALID, "citus.enable_repartition_joins is off");
        return scope_hint(scope, "let a superuser run ALTER DATABASE … SET "
                                 "citus.enable_repartition_joins = on");
    }
    return check_workers(scope);
}

code distribute_is_possible(struct scope *scope, bool *ret_possible) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    *ret_possible = false;
    if (session_store(scope)->engine != &ledger_postgresql)
        return OK;
    TRY(ledger_find(scope, sql_distribute_look, NO_BINDS, &rows, &found));
    *ret_possible = rows_bool(rows, 0);
    return OK;
}

static code check_alone(struct scope *scope) {
    int64_t count;

    TRY(ledger_int64(scope, sql_distribute_processes, NO_BINDS, 0, &count));
    if (count <= 1)
        return OK;
    scope_fail(scope, CONFLICT, "%" PRId64 " other processes use the database", count - 1);
    return scope_hint(scope, "stop the servers: what is moved cannot be written for as long as "
                             "that takes");
}

// ---- what there is ----

static code check_known(struct scope *scope) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_distribute_tables, NO_BINDS, &rows));
    while (rows_next(rows))
        if (!table_distribution_find(rows_text(rows, 0)))
            return scope_fail(scope, INTERNAL, "nobody said how the table %.*s is to stand",
                              TEXT_ARG(rows_text(rows, 0)));
    return rows_end(rows);
}

static code read_moved(struct scope *scope, struct planning *planning) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    planning->moved =
        arena_array(&scope->arena, table_distribution_count, sizeof(*planning->moved));
    TRY(ledger_query(scope, sql_distribute_moved, NO_BINDS, &rows));
    while (rows_next(rows) && planning->moved_count < table_distribution_count)
        planning->moved[planning->moved_count++] =
            (struct moved_table){.table = text_copy(&scope->arena, rows_text(rows, 0)),
                                 .type = text_copy(&scope->arena, rows_text(rows, 1)),
                                 .column = text_copy(&scope->arena, rows_text(rows, 2))};
    return rows_end(rows);
}

static const struct moved_table *moved_table_of(const struct planning *planning,
                                                const char *table) {
    for (size_t i = 0; i < planning->moved_count; i++)
        if (text_is(planning->moved[i].table, table))
            return &planning->moved[i];
    return NULL;
}

static bool stands_right(const struct moved_table *moved, const struct table_distribution *entry) {
    if (entry->stand == TABLE_SPREAD)
        return text_is(moved->type, "distributed") && text_is(moved->column, entry->column);
    if (entry->stand == TABLE_EVERYWHERE)
        return text_is(moved->type, "reference");
    return text_is(moved->type, "local");
}

static code check_stand(struct scope *scope, const struct moved_table *moved,
                        const struct table_distribution *entry) {
    if (!moved || stands_right(moved, entry))
        return OK;
    scope_fail(scope, CONFLICT, "the table %s is moved otherwise than it should be: %.*s %.*s",
               entry->table, TEXT_ARG(moved->type), TEXT_ARG(moved->column));
    return scope_hint(scope, "SELECT undistribute_table('" POSTGRESQL_SCHEMA ".%s') takes it back",
                      entry->table);
}

static code check_obstacles(struct scope *scope, const struct table_distribution *entry) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_distribute_obstacles,
                    BINDS(name_of(scope, entry), BIND_STRING(entry->column)), &rows, &found));
    if (!found)
        return OK;
    return scope_fail(scope, CONFLICT, "the table %s cannot be spread by %s: %.*s is in the way",
                      entry->table, entry->column, TEXT_ARG(rows_text(rows, 0)));
}

// ---- the plan ----

static void add_step(struct scope *scope, struct planning *planning, const char *stage,
                     const char *sql) {
    struct distribute_plan *plan = &planning->plan;

    if (plan->count == planning->capacity) {
        struct distribute_step *steps;

        planning->capacity = planning->capacity > 0 ? 2 * planning->capacity : 32;
        steps = arena_array(&scope->arena, planning->capacity, sizeof(*steps));
        if (plan->count > 0)
            memcpy(steps, plan->steps, plan->count * sizeof(*steps));
        plan->steps = steps;
    }
    plan->steps[plan->count++] = (struct distribute_step){.stage = stage, .sql = sql};
}

static code add_value(struct scope *scope, const struct table_distribution *entry,
                      struct buffer *sql) {
    const char *fill = fill_of(entry->table);
    int64_t may_be_null;

    TRY(ledger_int64(scope, sql_distribute_may_be_null,
                     BINDS(name_of(scope, entry), BIND_STRING(entry->column)), 0, &may_be_null));
    if (may_be_null == 0)
        return OK;
    if (fill)
        buffer_printf(sql, "%s;\n", fill);
    buffer_printf(sql, "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;\n", entry->table,
                  entry->column);
    return OK;
}

// What is unique on one machine is unique at all only when it holds the column; `unique` of the
// table's entry says why that is enough.
static code add_constraints(struct scope *scope, const struct table_distribution *entry,
                            struct buffer *sql) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_distribute_constraints,
                     BINDS(name_of(scope, entry), BIND_STRING(entry->column)), &rows));
    while (rows_next(rows)) {
        if (!entry->unique)
            return scope_fail(scope, INTERNAL, "nobody said why %.*s may do without %s",
                              TEXT_ARG(rows_text(rows, 0)), entry->column);
        buffer_printf(sql,
                      "ALTER TABLE %s DROP CONSTRAINT %.*s, ADD CONSTRAINT %.*s %.*s "
                      "(%.*s, %s);\n",
                      entry->table, TEXT_ARG(rows_text(rows, 0)), TEXT_ARG(rows_text(rows, 0)),
                      TEXT_ARG(rows_text(rows, 1)), TEXT_ARG(rows_text(rows, 2)), entry->column);
    }
    return rows_end(rows);
}

static code plan_preparation(struct scope *scope, struct planning *planning,
                             const struct table_distribution *entry) {
    CLEANUP(buffer_clear) struct buffer sql = {0};

    TRY(check_obstacles(scope, entry));
    TRY(add_value(scope, entry, &sql));
    TRY(add_constraints(scope, entry, &sql));
    if (sql.size > 0)
        add_step(scope, planning, arena_printf(&scope->arena, "preparing %s", entry->table),
                 text_string(&scope->arena, buffer_text(&sql)));
    return OK;
}

static const char *first_of_group(const struct table_distribution *entry) {
    for (size_t i = 0; i < table_distribution_count; i++)
        if (table_distributions[i].group && strcmp(table_distributions[i].group, entry->group) == 0)
            return table_distributions[i].table;
    return entry->table;
}

static void plan_move(struct scope *scope, struct planning *planning,
                      const struct table_distribution *entry) {
    const char *stage = arena_printf(&scope->arena, "moving %s", entry->table);
    const char *first = entry->group ? first_of_group(entry) : NULL;
    const bool makes_group = first && strcmp(first, entry->table) == 0;

    planning->plan.table_count++;
    if (entry->stand == TABLE_EVERYWHERE)
        add_step(scope, planning, stage,
                 arena_printf(&scope->arena,
                              "SELECT create_reference_table('" POSTGRESQL_SCHEMA ".%s');\n",
                              entry->table));
    else
        add_step(scope, planning, stage,
                 arena_printf(&scope->arena,
                              "SELECT create_distributed_table('" POSTGRESQL_SCHEMA
                              ".%s', '%s', colocate_with => '%s%s');\n",
                              entry->table, entry->column, makes_group ? "" : POSTGRESQL_SCHEMA ".",
                              makes_group ? "none" : first));
}

static code plan_preparations(struct scope *scope, struct planning *planning) {
    for (size_t i = 0; i < table_distribution_count; i++) {
        const struct table_distribution *entry = &table_distributions[i];
        const struct moved_table *moved = moved_table_of(planning, entry->table);

        TRY(check_stand(scope, moved, entry));
        if (entry->stand == TABLE_SPREAD && !moved)
            TRY(plan_preparation(scope, planning, entry));
    }
    return OK;
}

// The views come before the tables: what is moved may no longer be joined as the old ones do.
static void plan_moves(struct scope *scope, struct planning *planning) {
    for (size_t i = 0; i < table_distribution_count; i++) {
        const struct table_distribution *entry = &table_distributions[i];

        if (entry->stand == TABLE_COORDINATOR || moved_table_of(planning, entry->table))
            continue;
        if (planning->plan.table_count == 0)
            add_step(scope, planning, "writing the views anew", sql_distribute_views);
        plan_move(scope, planning, entry);
    }
}

code distribute_plan(struct scope *scope, struct distribute_plan *ret_plan) {
    struct planning planning = {0};

    TRY(check_cluster(scope));
    TRY(check_known(scope));
    TRY(read_moved(scope, &planning));
    TRY(plan_preparations(scope, &planning));
    plan_moves(scope, &planning);
    *ret_plan = planning.plan;
    return OK;
}

// ---- carrying it out ----

static code run_step(struct scope *scope, const struct distribute_step *step) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, ledger_script(scope, step->sql));
}

code distribute_run(struct scope *scope, const struct distribute_plan *plan) {
    TRY(check_alone(scope));
    for (size_t i = 0; i < plan->count; i++) {
        progress_report(scope->progress, plan->steps[i].stage, (int64_t)i, (int64_t)plan->count,
                        "steps");
        TRY(scope_check(scope));
        TRY(run_step(scope, &plan->steps[i]));
    }
    progress_report(scope->progress, "done", (int64_t)plan->count, (int64_t)plan->count, "steps");
    return OK;
}
