// SPDX-License-Identifier: Apache-2.0
#include "base/test.h"
#include "web/route.h"

static const char *const words[] = {"day", "month", NULL};
static const struct route_parameter known[] = {
    {.name = "by", PARAMETER_CHOICE, "the period", .usual = "month", .choices = words},
    {.name = "filter", PARAMETER_TEXT, "what counts", .repeats = true},
    {.name = "from", PARAMETER_DAY, "the first day"},
    {.name = "all", PARAMETER_BOOL, "everything", .usual = "false"},
    PARAMETER_LIMIT("50"),
    PARAMETERS_END,
};

static code check(struct scope *scope, struct request_parameter one,
                  struct request_parameter other) {
    const struct request_parameter given[] = {one, other};
    const struct request request = {.parameters = given,
                                    .parameter_count = other.name.data ? 2 : 1};

    scope_forgive(scope);
    return route_check_parameters(scope, &request, known);
}

static const struct request_parameter none;

TEST(what_a_route_declares_is_taken) {
    CHECK_OK(check(scope, (struct request_parameter){TEXT("by"), TEXT("day")},
                   (struct request_parameter){TEXT("from"), TEXT("2011-12-09")}));
    CHECK_OK(check(scope, (struct request_parameter){TEXT("filter"), TEXT("a=1")},
                   (struct request_parameter){TEXT("filter"), TEXT("b=2")}));
    CHECK_OK(check(scope, (struct request_parameter){TEXT("all"), TEXT("")},
                   (struct request_parameter){TEXT("limit"), TEXT("1000")}));
}

TEST(an_unknown_parameter_is_answered_with_the_nearest) {
    CHECK_CODE(check(scope, (struct request_parameter){TEXT("form"), TEXT("x")}, none), INVALID);
    CHECK_STRING(scope->failure.message, "unknown parameter \"form\"");
    CHECK_STRING(scope->failure.hint, "did you mean from?");
    CHECK_STRING(scope->failure.field, "form");
}

TEST(a_parameter_of_the_wrong_type_is_refused_by_its_name) {
    static const struct request_parameter wrong[] = {
        {TEXT("by"), TEXT("store")},   {TEXT("from"), TEXT("2011-13-01")},
        {TEXT("all"), TEXT("maybe")},  {TEXT("limit"), TEXT("0")},
        {TEXT("limit"), TEXT("1001")}, {TEXT("limit"), TEXT("ten")},
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        CHECK_CODE(check(scope, wrong[i], none), INVALID);
        CHECK(text_is(wrong[i].name, scope->failure.field));
    }
}

TEST(a_choice_that_is_none_is_answered_with_all) {
    CHECK_CODE(check(scope, (struct request_parameter){TEXT("by"), TEXT("store")}, none), INVALID);
    CHECK_STRING(scope->failure.message, "\"store\" cannot be the by");
    CHECK_STRING(scope->failure.hint, "it is one of: day, month");
}

TEST(a_parameter_is_given_once_unless_it_repeats) {
    CHECK_CODE(check(scope, (struct request_parameter){TEXT("limit"), TEXT("1")},
                     (struct request_parameter){TEXT("limit"), TEXT("2")}),
               INVALID);
    CHECK_STRING(scope->failure.message, "parameter \"limit\" is given twice");
}

TEST(a_parameter_that_must_be_there_is_missed_by_its_name) {
    static const struct route_parameter needed[] = {
        {.name = "name", PARAMETER_TEXT, "a name", .is_required = true}, PARAMETERS_END};
    const struct request request = {0};

    CHECK_CODE(route_check_parameters(scope, &request, needed), INVALID);
    CHECK_STRING(scope->failure.message, "parameter \"name\" is missing");
}

TEST(what_is_absent_has_its_usual_value) {
    const struct request_parameter limit = {TEXT("limit"), TEXT("7")};
    const struct request absent = {.route_parameters = known};
    const struct request given = {
        .parameters = &limit, .parameter_count = 1, .route_parameters = known};

    CHECK_INT(request_integer(&absent, "limit"), 50);
    CHECK_INT(request_integer(&given, "limit"), 7);
    CHECK(!request_flag(&absent, "all"));
    CHECK_TEXT(request_choice(&absent, "by"), "month");
}
