// SPDX-License-Identifier: Apache-2.0
#include "base/nearest.h"
#include "base/test.h"
#include "base/time.h"
#include "web/request.h"

static const struct request_parameter list[] = {
    {TEXT("id"), TEXT("7")},
    {TEXT("by"), TEXT("month")},
    {TEXT("by"), TEXT("country")},
    {TEXT("limit"), TEXT("12")},
    {TEXT("from"), TEXT("2010-12-01")},
    {TEXT("all"), TEXT("")},
    {TEXT("bad"), TEXT("2010-13-01")},
};
static const struct request request = {
    .parameters = list, .parameter_count = sizeof(list) / sizeof(*list), .path_parameter_count = 1};

TEST(parameters_are_read_by_their_type) {
    struct text values[1];
    int64_t number;
    int32_t day;
    bool all;

    CHECK_TEXT(request_text(&request, "by"), "month");
    CHECK_INT((int64_t)request_all(&request, "by", values, 1), 2);
    CHECK_TEXT(values[0], "month");
    CHECK(request_text(&request, "none").data == NULL);
    CHECK_OK(request_int64(scope, &request, "limit", 1, 100, 5, &number));
    CHECK_INT(number, 12);
    CHECK_OK(request_int64(scope, &request, "none", 1, 100, 5, &number));
    CHECK_INT(number, 5);
    CHECK_OK(request_day(scope, &request, "from", 0, &day));
    CHECK_INT(day, day_from_civil(2010, 12, 1));
    CHECK_OK(request_bool(scope, &request, "all", &all));
    CHECK(all);
    CHECK_OK(request_bool(scope, &request, "none", &all));
    CHECK(!all);
}

TEST(a_wrong_parameter_is_refused_by_its_name) {
    int64_t number = -1;
    int32_t day = -1;

    CHECK_CODE(request_int64(scope, &request, "limit", 1, 11, 5, &number), INVALID);
    CHECK_STRING(scope->failure.field, "limit");
    CHECK_INT(number, -1);
    scope_forgive(scope);
    CHECK_CODE(request_day(scope, &request, "bad", 0, &day), INVALID);
    CHECK_STRING(scope->failure.field, "bad");
    CHECK_INT(day, -1);
}

TEST(the_nearest_word_is_within_a_third_of_its_letters) {
    static const char *const words[] = {"import", "metric", "segment", "sample"};

    CHECK_STRING(nearest(TEXT("imprt"), words, 4), "import");
    CHECK_STRING(nearest(TEXT("metirc"), words, 4), "metric");
    CHECK_STRING(nearest(TEXT("segmnet"), words, 4), "segment");
    CHECK(nearest(TEXT("doctor"), words, 4) == NULL);
    CHECK(nearest(TEXT(""), words, 4) == NULL);
}
