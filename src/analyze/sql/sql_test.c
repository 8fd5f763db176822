// SPDX-License-Identifier: Apache-2.0
#include "analyze/sql/saved_query.h"
#include "analyze/sql/sql_http.h"
#include "store/store_testing.h"

static code ask(struct scope *scope, const char *body, struct text *ret_answer) {
    struct request request = {.method = METHOD_POST};
    struct response response;
    struct json *json;
    code result;

    CHECK_OK(json_parse(scope, text_of(body), &json));
    request.body = json;
    response_init(&response);
    result = sql_http_query(scope, &request, &response);
    *ret_answer = text_copy(&scope->arena, buffer_text(&response.body));
    response_clear(&response);
    return result;
}

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

TEST(columns_of_a_query_get_their_types_from_the_result) {
    struct text answer;

    test_store(scope);
    CHECK_OK(ask(scope,
                 "{\"query\":\"SELECT 42 AS i, 0.5::DOUBLE PRECISION AS d, 'x' AS t, "
                 "DATE '2010-12-01' AS day, TIMESTAMP '2010-12-01 08:26:00' AS at, true AS b, "
                 "1234.5600::DECIMAL(10,4) AS m, NULL "
                 "AS n\"}",
                 &answer));
    CHECK(holds(answer, "{\"name\":\"i\",\"label\":\"i\",\"type\":\"integer\"}"));
    CHECK(holds(answer, "{\"name\":\"d\",\"label\":\"d\",\"type\":\"number\"}"));
    CHECK(holds(answer, "{\"name\":\"t\",\"label\":\"t\",\"type\":\"text\"}"));
    CHECK(holds(answer, "{\"name\":\"day\",\"label\":\"day\",\"type\":\"day\"}"));
    CHECK(holds(answer, "{\"name\":\"at\",\"label\":\"at\",\"type\":\"instant\"}"));
    CHECK(holds(answer, "{\"name\":\"b\",\"label\":\"b\",\"type\":\"bool\"}"));
    CHECK(holds(answer, "\"rows\":[[42,0.5,\"x\",\"2010-12-01\",\"2010-12-01T08:26:00Z\",true,"
                        "1234.56,null]],\"row_count\":1}}"));
}

TEST(sums_beyond_a_double_stay_exact) {
    struct text answer;

    test_store(scope);
    // 3 × 3,074,457,345,618,258,602: DuckDB sums integers in 128 bits.
    CHECK_OK(ask(scope,
                 "{\"query\":\"SELECT sum(x) AS s FROM (SELECT 3074457345618258602 AS x FROM "
                 "generate_series(1, 3)) AS t\"}",
                 &answer));
    CHECK(holds(answer, "[[9223372036854775806]]"));
}

TEST(an_answer_is_cut_at_its_limit_and_says_so) {
    struct text answer;

    test_store(scope);
    CHECK_OK(
        ask(scope, "{\"query\":\"SELECT * FROM generate_series(0, 2)\",\"limit\":2}", &answer));
    CHECK(holds(answer, "\"rows\":[[0],[1]],\"row_count\":2},\"truncated\":true,\"notices\":["));
    CHECK_OK(
        ask(scope, "{\"query\":\"SELECT * FROM generate_series(0, 2)\",\"limit\":3}", &answer));
    CHECK(holds(answer, "\"rows\":[[0],[1],[2]],\"row_count\":3}}"));
    CHECK_OK(ask(scope, "{\"query\":\"SELECT * FROM generate_series(0, 1000)\"}", &answer));
    CHECK(holds(answer, "\"row_count\":1000},\"truncated\":true"));
    CHECK_OK(
        ask(scope, "{\"query\":\"SELECT * FROM generate_series(0, 1000)\",\"limit\":0}", &answer));
    CHECK(holds(answer, "\"row_count\":1001}}"));
    CHECK_CODE(ask(scope, "{\"query\":\"SELECT 1\",\"limit\":-1}", &answer), INVALID);
}

TEST(only_questions_are_run) {
    static const char *const refused[] = {
        "{\"query\":\"DROP TABLE sale\"}",
        "{\"query\":\"SELECT 1; DELETE FROM sale\"}",
        "{\"query\":\"COPY sale TO '/tmp/x'\"}",
        "{\"query\":\"ATTACH '/tmp/x'\"}",
        "{\"query\":\"SET memory_limit = '1TB'\"}",
        "{\"query\":\"SELECT * FROM read_csv('/etc/passwd')\"}",
        "{\"query\":\"SELECT * FROM '/etc/passwd'\"}",
        "{\"query\":\"INSTALL httpfs\"}",
        "{\"query\":\"\"}",
        "{\"query\":\"SELEC 1\"}",
    };
    struct text answer;

    test_store(scope);
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        const code result = ask(scope, refused[i], &answer);

        if (result != INVALID && result != FORBIDDEN)
            test_fail(__FILE__, __LINE__, "%s gives %s: %s", refused[i], code_info(result)->name,
                      scope->failure.message);
        CHECK_TEXT(answer, "");
        scope_forgive(scope);
    }
}

// ---- saved queries ----

TEST(a_query_is_kept_found_changed_and_forgotten) {
    struct saved_query saved = {
        .name = TEXT("best customers"), .query = TEXT("SELECT 1"), .description = TEXT("for May")};
    struct saved_query found;

    test_store(scope);
    CHECK_OK(saved_query_put(scope, &saved));
    saved.query = TEXT("SELECT 'it''s'");
    CHECK_OK(saved_query_put(scope, &saved));
    CHECK_OK(saved_query_find(scope, saved.name, &found));
    CHECK_TEXT(found.query, "SELECT 'it''s'");
    CHECK_TEXT(found.description, "for May");
    CHECK_OK(saved_query_delete(scope, saved.name));
    CHECK_CODE(saved_query_find(scope, saved.name, &found), NOT_FOUND);
    CHECK_CODE(saved_query_delete(scope, saved.name), NOT_FOUND);
}

TEST(a_query_without_a_name_or_text_is_not_kept) {
    static const struct saved_query refused[] = {
        {.name = TEXT(""), .query = TEXT("SELECT 1")},
        {.name = TEXT(" blank "), .query = TEXT("SELECT 1")},
        {.name = TEXT("line\nbreak"), .query = TEXT("SELECT 1")},
        {.name = TEXT("empty"), .query = TEXT(" \n")},
    };

    test_store(scope);
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
        CHECK_CODE(saved_query_put(scope, &refused[i]), INVALID);
}

TEST(what_there_is_to_ask_has_names_and_types) {
    const struct request request = {.method = METHOD_GET};
    CLEANUP(response_clear) struct response response;
    struct text answer;

    test_store(scope);
    response_init(&response);
    CHECK_OK(sql_http_columns(scope, &request, &response));
    answer = text_copy(&scope->arena, buffer_text(&response.body));
    CHECK(holds(answer, "[\"sale\",\"gross_micros\",\"bigint\"]"));
    CHECK(holds(answer, "[\"lifetime_value\",\"alive\",\"double precision\"]"));
    CHECK(holds(answer, "[\"customer\",\"name\",\"text\"]"));
    CHECK(!holds(answer, "lake_state"));
}
