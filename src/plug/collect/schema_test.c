// SPDX-License-Identifier: Apache-2.0
#include "plug/sender/schema.h"

#include "plug/collect/collect_testing.h"
#include "store/ledger.h"

#include <unistd.h>

static const char schemas[] =
    "{\"Bought\": {\"type\": \"object\", \"required\": [\"price\"], \"additionalProperties\": "
    "false,"
    " \"properties\": {\"price\": {\"type\": \"number\", \"minimum\": 0}, \"size\": {\"enum\": "
    "[\"S\", \"M\", 7]}, \"name\": {\"type\": [\"string\", \"null\"], \"maxLength\": 3}, \"tags\": "
    "{\"type\": \"array\", \"maxItems\": 2, \"items\": {\"type\": \"string\"}}}}}";

static const char *violation(struct scope *scope, const char *event, const char *properties) {
    struct json *tree, *value;
    const char *problem;

    CHECK_OK(json_parse(scope, text_of(schemas), &tree));
    CHECK_OK(schema_check(scope, tree));
    CHECK_OK(json_parse(scope, text_of(properties), &value));
    problem = schema_violation(&scope->arena, tree, text_of(event), value);
    return problem ? problem : "";
}

TEST(a_schema_says_what_does_not_fit) {
    static const char *const cases[][2] = {
        {"{\"price\": 1}", ""},
        {"{\"price\": 1.5, \"size\": 7, \"name\": null, \"tags\": [\"a\"]}", ""},
        {"{}", "properties.price is missing"},
        {"{\"price\": \"1\"}", "properties.price is of another type"},
        {"{\"price\": -1}", "properties.price is out of its bounds"},
        {"{\"price\": 1, \"size\": \"L\"}", "properties.size is none of the values of the schema"},
        {"{\"price\": 1, \"name\": \"äöüß\"}", "properties.name is too short or too long"},
        {"{\"price\": 1, \"tags\": [\"a\", 1]}", "properties.tags[1] is of another type"},
        {"{\"price\": 1, \"other\": 1}", "properties has a member that the schema does not know"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        CHECK_STRING(violation(scope, "Bought", cases[i][0]), cases[i][1]);
    CHECK_STRING(violation(scope, "Another", "{\"a\": 1}"), "");
}

TEST(a_schema_that_is_not_understood_is_refused) {
    static const char *const wrong[] = {
        "[]",
        "{\"a\": 1}",
        "{\"a\": {\"pattern\": \"(a+)+$\"}}",
        "{\"a\": {\"$ref\": \"#\"}}",
        "{\"a\": {\"type\": \"text\"}}",
        "{\"a\": {\"properties\": {\"b\": {\"minimum\": \"1\"}}}}",
        "{\"a\": {\"required\": [1]}}",
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct json *tree;

        CHECK_OK(json_parse(scope, text_of(wrong[i]), &tree));
        CHECK_CODE(schema_check(scope, tree), INVALID);
        scope_forgive(scope);
    }
}

static void give_schema(struct scope *scope, enum schema_policy policy) {
    struct sender sender;

    CHECK_OK(sender_find(scope, TEXT("shop"), &sender));
    sender.schema = text_of(schemas);
    sender.schema_policy = policy;
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_change(scope, &sender)));
    sleep(1);
}

TEST(an_event_that_does_not_fit_is_marked_or_kept_apart_as_its_source_says) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    const struct text first = TEXT("{\"userId\": \"u\", \"event\": \"Bought\"}"),
                      second = TEXT("{\"batch\": [{\"type\": \"track\", \"userId\": \"u\", "
                                    "\"event\": \"Bought\", \"properties\": {\"price\": -1}}]}");

    give_schema(scope, SCHEMA_MARK);
    CHECK_INT(test_collect_send(scope, shop, "/v1/track", first).status, 200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT (SELECT count(*) FROM event), reason, message "
                                         "FROM quarantine"),
                 "1|schema|properties.price is missing");
    give_schema(scope, SCHEMA_QUARANTINE);
    CHECK_INT(test_collect_send(scope, shop, "/v1/batch", second).status, 200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT (SELECT count(*) FROM event), count(*) "
                                         "FROM quarantine"),
                 "1|2");
}
