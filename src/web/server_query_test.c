// SPDX-License-Identifier: Apache-2.0
#include "web/server_query.h"

#include "base/limits.h"
#include "base/test.h"

TEST(a_query_is_taken_apart_in_order) {
    struct request_parameter *parameters;
    size_t count;

    CHECK_OK(query_parse(scope, TEXT("a=1&&b&a=%C3%BC+%2B&=c&d=e=f"), &parameters, &count));
    CHECK_INT((int64_t)count, 5);
    CHECK_TEXT(parameters[0].name, "a");
    CHECK_TEXT(parameters[0].value, "1");
    CHECK_TEXT(parameters[1].name, "b");
    CHECK_TEXT(parameters[1].value, "");
    CHECK_TEXT(parameters[2].value, "\xc3\xbc +");
    CHECK_TEXT(parameters[3].name, "");
    CHECK_TEXT(parameters[4].value, "e=f");
}

TEST(an_empty_query_has_no_parameters) {
    struct request_parameter *parameters;
    size_t count = 1;

    CHECK_OK(query_parse(scope, (struct text){0}, &parameters, &count));
    CHECK_INT((int64_t)count, 0);
}

TEST(a_query_has_a_most) {
    CLEANUP(buffer_clear) struct buffer query = {0};
    struct request_parameter *parameters;
    size_t count;

    for (int i = 0; i < LIMIT_PARAMETERS; i++)
        buffer_add_string(&query, i > 0 ? "&a" : "a");
    CHECK_OK(query_parse(scope, buffer_text(&query), &parameters, &count));
    buffer_add_string(&query, "&a");
    CHECK_CODE(query_parse(scope, buffer_text(&query), &parameters, &count), INVALID);
}

TEST(a_cookie_is_found_by_its_whole_name) {
    static const struct {
        const char *field, *value;
    } cases[] = {
        {"tessera=a", "a"},
        {"x=1; tessera=a=b;y=2", "a=b"},
        {"  tessera=a  ", "a"},
        {"xtessera=a; tesserax=b", ""},
        {"Tessera=a", ""},
        {"tessera", ""},
        {"tessera=", ""},
        {"tessera=a; tessera=a", ""},
        {"tessera=a;tessera", "a"},
        {";;;", ""},
        {"", ""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        CHECK_TEXT(cookie_find(text_of(cases[i].field), "tessera"), cases[i].value);
}
