// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/segment_arms.h"

#include "analyze/experiment/experiment_http.h"

#include "analyze/metric/metric_testing.h"
#include "analyze/run/run_http.h"
#include "analyze/segment/segment.h"
#include "base/test.h"
#include "store/lake.h"

#include <math.h>

enum { CUSTOMERS = 40, JUNE_2011 = 15126, JUNE_DAYS = 30 };

static void create(struct scope *scope, const char *name, const char *definition) {
    struct json *tree;

    CHECK_OK(json_parse_own(scope, text_of(definition), &tree));
    CHECK_OK(segment_create(scope, text_of(name), TEXT(""), tree));
}

// Customers buy once in May, the even ones in France; then those of France for 20 + half of what
// they spent before, each third of the others for that half.
static void make_store(struct scope *scope) {
    struct test_line lines[CUSTOMERS * 2];
    size_t count = 0;

    memset(lines, 0, sizeof(lines));
    for (int64_t i = 1; i <= CUSTOMERS; i++) {
        const double spent = 10.0 + (double)(i * 7 % 11);

        lines[count++] = (struct test_line){.sale = 2 * i,
                                            .kind = TEST_SALE,
                                            .at = "2011-05-20 10:00",
                                            .customer = i,
                                            .product = i % 2 == 0 ? 1 : 2,
                                            .quantity = 1,
                                            .price = spent};
        if (i % 2 == 0 || i % 3 == 0)
            lines[count++] = (struct test_line){.sale = 2 * i + 1,
                                                .kind = TEST_SALE,
                                                .at = "2011-06-10 10:00",
                                                .customer = i,
                                                .product = 1,
                                                .quantity = 1,
                                                .price = (i % 2 == 0 ? 20 : 0) + spent / 2};
    }
    test_store(scope);
    test_sales(scope, lines, count);
    create(scope, "even",
           "{\"sales\": \"count\", \"where\": {\"product\": \"P1\"}, \"operator\": \">=\","
           " \"value\": 1}");
    create(scope, "odd",
           "{\"sales\": \"count\", \"where\": {\"product\": \"P2\"}, \"operator\": \">=\","
           " \"value\": 1}");
    create(scope, "all", "{\"all\": []}");
    create(scope, "none", "{\"sales\": \"count\", \"operator\": \">=\", \"value\": 99}");
    CHECK_OK(lake_refresh(scope));
}

static struct selection june(void) {
    return (struct selection){.has_from = true,
                              .has_to = true,
                              .from_day = JUNE_2011,
                              .to_day = JUNE_2011 + JUNE_DAYS - 1};
}

static double sum_of(const double *values, size_t count) {
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

TEST(segments_are_arms_with_the_figures_of_their_members) {
    const struct segment_arms arms = {.names = {TEXT("odd"), TEXT("even")}, .count = 2};
    const struct selection now = june();
    struct selection before;
    struct trial trial;
    double spent = 0;

    make_store(scope);
    CHECK_OK(segment_arms_read(scope, &arms, &now, &trial, &before));
    CHECK_INT(before.from_day, JUNE_2011 - JUNE_DAYS);
    // What odd customers buy of P1 in June makes nobody a member of "even".
    CHECK_INT((int64_t)trial.arms[0].count, CUSTOMERS / 2);
    CHECK_INT((int64_t)trial.arms[1].count, CUSTOMERS / 2);
    CHECK_INT(trial.left_out, 0);
    CHECK_STRING(trial.outcomes[0].unit, "EUR");
    for (int64_t i = 2; i <= CUSTOMERS; i += 2)
        spent += 10.0 + (double)(i * 7 % 11);
    CHECK_CLOSE(sum_of(trial.arms[1].before[0], CUSTOMERS / 2), spent, 1e-12);
    CHECK_CLOSE(sum_of(trial.arms[1].values[0], CUSTOMERS / 2), 400 + spent / 2, 1e-12);
    CHECK_CLOSE(sum_of(trial.arms[1].values[1], CUSTOMERS / 2), 20, 0);
    CHECK_CLOSE(sum_of(trial.arms[0].values[2], CUSTOMERS / 2), 7, 0); // 3, 9, … 39
    CHECK(trial.is_observed);
}

TEST(who_is_in_several_segments_is_in_no_arm) {
    const struct segment_arms arms = {.names = {TEXT("all"), TEXT("even")}, .count = 2};
    const struct selection now = june();
    struct selection before;
    struct trial trial;

    make_store(scope);
    CHECK_OK(segment_arms_read(scope, &arms, &now, &trial, &before));
    CHECK_INT(trial.left_out, CUSTOMERS / 2);
    CHECK_INT((int64_t)trial.arms[0].count, CUSTOMERS / 2);
    CHECK_INT((int64_t)trial.arms[1].count, 0);
}

TEST(arms_of_segments_that_cannot_be_compared_are_refused) {
    const struct segment_arms twice = {.names = {TEXT("odd"), TEXT("odd")}, .count = 2};
    const struct segment_arms strange = {.names = {TEXT("odd"), TEXT("moon")}, .count = 2};
    const struct segment_arms empty = {.names = {TEXT("odd"), TEXT("none")}, .count = 2};
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct selection now = june(), before;
    struct json_writer writer;
    struct trial trial;

    make_store(scope);
    CHECK_CODE(segment_arms_read(scope, &twice, &now, &trial, &before), INVALID);
    scope_forgive(scope);
    CHECK_CODE(segment_arms_read(scope, &strange, &now, &trial, &before), NOT_FOUND);
    scope_forgive(scope);
    CHECK_OK(segment_arms_read(scope, &empty, &now, &trial, &before));
    json_writer_init(&writer, &text);
    CHECK_CODE(trial_write(scope, &trial, &writer), INVALID);
    CHECK(strstr(scope->failure.message, "\"none\" has 0 customers"));
    scope_forgive(scope);
    now.has_to = false;
    CHECK_CODE(segment_arms_read(scope, &strange, &now, &trial, &before), INVALID);
    scope_forgive(scope);
}

// ---- kept ----

static const struct json *parsed(struct scope *scope, const struct response *response) {
    struct json *json;

    CHECK_OK(json_parse_own(scope, text_copy(&scope->arena, buffer_text(&response->body)), &json));
    return json;
}

TEST(a_comparison_that_is_kept_says_later_what_it_said) {
    static const struct request_parameter parameters[] = {
        {TEXT("segment"), TEXT("odd")},
        {TEXT("segment"), TEXT("even")},
        {TEXT("from"), TEXT("2011-06-01")},
        {TEXT("to"), TEXT("2011-06-30")},
    };
    const struct request asked = {.parameters = parameters,
                                  .parameter_count = 4,
                                  .route_parameters = experiment_segments_parameters};
    const struct request nothing = {.route_parameters = analysis_show_parameters};
    const struct request page = {.route_parameters = analysis_runs_parameters};
    CLEANUP(response_clear) struct response compared, kept, shown, listed;
    const struct json *found, *row;
    struct buffer text = {0};
    struct json_writer writer;

    make_store(scope);
    response_init(&compared);
    response_init(&kept);
    response_init(&shown);
    response_init(&listed);
    CHECK_OK(experiment_http_segments(scope, &asked, &compared));
    CHECK_OK(experiment_http_keep(scope, &asked, &kept));
    CHECK_OK(experiment_http_show(scope, &nothing, &shown));
    found = parsed(scope, &shown);
    CHECK_TEXT(json_member(found, "run")->string,
               text_string(&scope->arena, json_member(parsed(scope, &kept), "run")->string));
    CHECK_INT(json_member(found, "version")->int64, EXPERIMENT_VERSION);
    json_writer_init(&writer, &text);
    json_write(&writer, json_member(found, "result"));
    CHECK_TEXT(buffer_text(&text), text_string(&scope->arena, buffer_text(&compared.body)));
    buffer_clear(&text);
    CHECK_OK(experiment_http_runs(scope, &page, &listed));
    row = json_member(parsed(scope, &listed), "rows")->first;
    CHECK_TEXT(row->first->next->next->string, "odd, even");
}
