// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/sample_size.h"

#include "base/test.h"

#include <math.h>

static code set(struct scope *scope, struct sample_plan *plan, const char *name, const char *text) {
    for (int i = 0; i < SAMPLE_FIELDS; i++)
        if (strcmp(sample_fields[i].name, name) == 0)
            return sample_plan_read(scope, plan, &sample_fields[i], text_of(text));
    test_fail(__FILE__, __LINE__, "no field %s", name);
}

static const struct json *told(struct scope *scope, const struct sample_plan *plan) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;
    struct json *answer;

    json_writer_init(&writer, &text);
    CHECK_OK(sample_plan_write(scope, plan, &writer));
    CHECK_OK(json_parse_own(scope, text_copy(&scope->arena, buffer_text(&text)), &answer));
    return answer;
}

static int64_t each_of(struct scope *scope, const struct sample_plan *plan) {
    return json_member(told(scope, plan), "each")->int64;
}

// power.prop.test and power.t.test of R 4.2.2.
TEST(a_plan_takes_as_many_customers_as_r_says) {
    struct sample_plan plan = sample_plan_usual();

    CHECK_OK(set(scope, &plan, "baseline", "10"));
    CHECK_OK(set(scope, &plan, "effect", "20"));
    CHECK_INT(each_of(scope, &plan), 3841); // 3840.847
    CHECK_OK(set(scope, &plan, "groups", "3"));
    CHECK_INT(each_of(scope, &plan), 4652); // at a level of .025: 4651.418
    plan = sample_plan_usual();
    CHECK_OK(set(scope, &plan, "mean", "100"));
    CHECK_OK(set(scope, &plan, "deviation", "50"));
    CHECK_OK(set(scope, &plan, "effect", "10"));
    CHECK_INT(each_of(scope, &plan), 394); // 393.4067
}

TEST(customers_there_are_find_the_effect_they_were_asked_for) {
    struct sample_plan plan = sample_plan_usual();
    const struct json *answer, *curve;

    CHECK_OK(set(scope, &plan, "baseline", "10"));
    CHECK_OK(set(scope, &plan, "customers", "3841"));
    CHECK_OK(set(scope, &plan, "per_day", "100"));
    answer = told(scope, &plan);
    CHECK_CLOSE(json_member(answer, "effect")->number, 0.2, 1e-4);
    CHECK_INT(json_member(answer, "days")->int64, 77);
    curve = json_member(json_member(answer, "curve"), "rows");
    CHECK(curve->count > 20);
    for (const struct json *row = curve->first; row->next != NULL; row = row->next)
        CHECK(row->next->first->next->number < row->first->next->number); // it falls
}

TEST(a_plan_that_says_too_little_or_too_much_is_refused) {
    static const char *const bad[][3][2] = {
        {{"baseline", "10"}},
        {{"effect", "10"}},
        {{"baseline", "60"}, {"effect", "100"}},
        {{"baseline", "10"}, {"mean", "10"}, {"effect", "100"}},
        {{"mean", "10"}, {"effect", "10"}},
        {{"baseline", "10"}, {"effect", "10"}, {"customers", "10"}},
        {{"baseline", "99"}, {"customers", "3"}},
        {{"baseline", "0.0001"}, {"effect", "0.01"}},
    };
    static const char *const worse[][2] = {
        {"baseline", "0"}, {"baseline", "100"}, {"effect", "-3"}, {"effect", "nan"},
        {"power", "100"},  {"groups", "2.5"},   {"groups", "1"},  {"customers", ""},
        {"mean", "inf"},   {"deviation", "x"},
    };
    struct sample_plan plan;

    for (size_t i = 0; i < sizeof(worse) / sizeof(*worse); i++) {
        plan = sample_plan_usual();
        CHECK_CODE(set(scope, &plan, worse[i][0], worse[i][1]), INVALID);
        scope_forgive(scope);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        CLEANUP(buffer_clear) struct buffer text = {0};
        struct json_writer writer;

        plan = sample_plan_usual();
        for (int field = 0; field < 3 && bad[i][field][0] != NULL; field++)
            CHECK_OK(set(scope, &plan, bad[i][field][0], bad[i][field][1]));
        json_writer_init(&writer, &text);
        CHECK_CODE(sample_plan_write(scope, &plan, &writer), INVALID);
        scope_forgive(scope);
    }
}
