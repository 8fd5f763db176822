// SPDX-License-Identifier: Apache-2.0
// The scores of rfm_compute as SQL: the same customers in the same order of ties, ranked by the
// database. rfm_property_test.c holds both against each other.
#include "analyze/rfm/rfm.h"
#include "rfm_sql.h"

static void write_range(struct statement *statement, const char *measure, uint8_t low,
                        uint8_t high) {
    statement_printf(statement, "%s BETWEEN %d AND %d", measure, low, high);
}

static void write_group(struct statement *statement) {
    statement_add(statement, "CASE");
    for (size_t i = 0; i < rfm_group_count; i++) {
        const struct rfm_group *group = &rfm_groups[i];

        statement_add(statement, "\n        WHEN ");
        write_range(statement, "recency", group->recency_low, group->recency_high);
        statement_add(statement, " AND ");
        write_range(statement, "frequency", group->frequency_low, group->frequency_high);
        statement_add(statement, " AND ");
        write_range(statement, "monetary", group->monetary_low, group->monetary_high);
        statement_printf(statement, " THEN '%s'", group->name); // names of rfm_score.c's table
    }
    statement_add(statement, " END");
}

void rfm_write_scores(struct statement *statement, const struct selection *selection) {
    selection_documents(statement, selection);
    statement_add(statement, ", bought AS (\n");
    statement_add(statement, sql_rfm_customers);
    statement_add(statement, "),\nranked AS (\n");
    statement_add(statement, sql_rfm_ranks);
    statement_add(statement, "),\nscored AS (\n");
    statement_add(statement, sql_rfm_scores);
    statement_add(statement, ")\nSELECT customer, recency, frequency, monetary,\n    ");
    write_group(statement);
    statement_add(statement, " AS rfm_group\nFROM scored");
}
