// SPDX-License-Identifier: Apache-2.0
// docs/metrics.md tells of everything that the registry has.
#include "analyze/metric/metric.h"
#include "tests/program.h"

static void check_told(struct scope *scope, const char *document, const char *name,
                       const char *text) {
    const char *row = arena_printf(&scope->arena, "| `%s` |", name);

    if (!strstr(document, row) || !strstr(document, text))
        test_fail(__FILE__, __LINE__, "docs/metrics.md does not tell of %s: %s", name, text);
}

TEST(the_document_of_metrics_tells_of_every_metric_dimension_and_filter) {
    const char *document = text_string(&scope->arena, test_source(scope, "docs/metrics.md"));

    for (size_t i = 0; i < metric_count; i++)
        check_told(scope, document, metrics[i].name, metrics[i].definition);
    for (size_t i = 0; i < dimension_count; i++)
        check_told(scope, document, dimensions[i].name, dimensions[i].definition);
    for (size_t i = 0; i < filter_field_count; i++)
        check_told(scope, document, filter_fields[i].name, filter_fields[i].help);
}
