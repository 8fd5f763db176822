// SPDX-License-Identifier: Apache-2.0
#include "plug/import/import_testing.h"

#include "store/job.h"
#include "store/store_testing.h"

#include <stdio.h>

static const struct job_kind kinds[] = {{"import", import_run, JOB_HEAVY},
                                        {"import_undo", import_undo_run, JOB_HEAVY}};

static void run_job(struct scope *scope, int64_t job_id) {
    if (job_run(scope, kinds, 2, job_id) != OK)
        test_fail(__FILE__, __LINE__, "the job fails: %s; %s", scope->failure.message,
                  scope->failure.detail);
}

static struct mapping test_mapping(struct scope *scope, const char *path, enum import_kind kind,
                                   const char *options) {
    const char *text = arena_printf(&scope->arena, "{\"kind\": \"%s\"%s%s", import_kind_name(kind),
                                    options ? ", " : "}", options ? options + 1 : "");
    struct mapping given, mapping;
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(text), &json));
    CHECK_OK(mapping_read(scope, json, &given));
    CHECK_OK(mapping_propose(scope, path, kind, &given, &mapping));
    return mapping;
}

struct import test_import_file(struct scope *scope, const char *path, enum import_kind kind,
                               const char *options) {
    const struct mapping mapping = test_mapping(scope, path, kind, options);
    struct import_file file;
    struct import *imports;
    int64_t job_id;
    size_t count;

    CHECK_OK(import_file_at(scope, text_of(path), &file));
    CHECK_OK(import_start(scope, &file, &mapping, false, &job_id));
    run_job(scope, job_id);
    CHECK_OK(import_list(scope, 0, 1, &imports, &count));
    CHECK_INT((int64_t)count, 1);
    CHECK_INT(imports[0].job_id, job_id);
    CHECK_INT(imports[0].tally.read, imports[0].tally.accepted + imports[0].tally.duplicate +
                                         imports[0].tally.quarantined);
    return imports[0];
}

struct import test_import(struct scope *scope, const char *name, enum import_kind kind,
                          struct text content, const char *options) {
    return test_import_file(scope, test_file(scope, name, content), kind, options);
}

void test_import_undo(struct scope *scope, int64_t import_id) {
    int64_t job_id;

    CHECK_OK(import_undo_start(scope, import_id, &job_id));
    run_job(scope, job_id);
}

const char *test_ledger_dump(struct scope *scope) {
    static const char *const queries[] = {
        ("SELECT s.source, CASE WHEN s.number LIKE '#%' THEN '#' ELSE s.number END, s.kind,"
         " s.sold_at_us, st.code, s.till, s.currency, s.country, i.value, s.gross_micros,"
         " s.net_micros, s.vat_micros, s.line_count"
         " FROM sale s LEFT JOIN identifier i ON i.id = s.identifier_id"
         " LEFT JOIN store st ON st.id = s.store_id ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"),
        ("SELECT CASE WHEN s.number LIKE '#%' THEN '#' ELSE s.number END, p.code,"
         " l.quantity_micros, l.unit_price_micros, l.gross_micros, r.number"
         " FROM sale_line l JOIN sale s ON s.id = l.sale_id"
         " LEFT JOIN product p ON p.id = l.product_id"
         " LEFT JOIN sale r ON r.id = l.refund_of_sale ORDER BY 1, 2, 3, 4, 5, 6"),
        "SELECT code, name, category, brand, attributes FROM product ORDER BY code",
        "SELECT code, name, city, attributes FROM store ORDER BY code",
        ("SELECT i.kind, i.source, i.value, c.name, c.city, c.country, c.attributes"
         " FROM identifier i LEFT JOIN alias a ON a.origin = i.origin"
         " JOIN customer c ON c.id = coalesce(a.customer, i.origin) ORDER BY 1, 2, 3"),
        "SELECT term, count(*) FROM search_term GROUP BY term ORDER BY term",
        ("SELECT e.name, at_us, i.value, channel, properties, p.code, e.coupon FROM event e"
         " LEFT JOIN identifier i ON i.id = e.identifier_id"
         " LEFT JOIN product p ON p.id = e.product_id ORDER BY 1, 2, 3, 4, 5, 6"),
        ("SELECT i.value, purpose, channel, state, at_us FROM consent c"
         " JOIN identifier i ON i.id = c.identifier_id ORDER BY 1, 2, 3, 4, 5"),
    };
    const char *dump = "";

    for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++)
        dump = arena_printf(&scope->arena, "%s-- %zu\n%s\n", dump, i,
                            test_ledger_rows(scope, queries[i]));
    return dump;
}
