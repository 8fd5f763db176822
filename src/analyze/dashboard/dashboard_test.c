// SPDX-License-Identifier: Apache-2.0
#include "analyze/dashboard/dashboard.h"
#include "store/store_testing.h"

static const struct json *parsed(struct scope *scope, const char *text) {
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(text), &json));
    return json;
}

TEST(a_dashboard_is_kept_found_changed_and_forgotten) {
    static const char definition[] =
        "{\"period\":\"last12months\",\"compare\":\"year\",\"tiles\":["
        "{\"kind\":\"figure\",\"metric\":\"revenue_gross\",\"target\":50000.5,\"width\":1},"
        "{\"kind\":\"chart\",\"metric\":\"revenue_gross\",\"by\":\"month\",\"shape\":\"line\"},"
        "{\"kind\":\"table\",\"metric\":\"revenue_gross,receipts\",\"by\":\"store\",\"width\":2},"
        "{\"kind\":\"text\",\"text\":\"<b>words</b>\"},"
        "{\"kind\":\"segment\",\"segment\":\"regulars\"},"
        "{\"kind\":\"bridge\",\"way\":\"articles\"},{\"kind\":\"forecast\"}]}";
    struct dashboard dashboard;

    test_store(scope);
    CHECK_OK(dashboard_put(scope, TEXT("Monday"), TEXT("before the meeting"),
                           parsed(scope, definition)));
    CHECK_OK(dashboard_find(scope, TEXT("Monday"), &dashboard));
    CHECK_TEXT(dashboard.definition, definition);
    CHECK_TEXT(dashboard.description, "before the meeting");
    CHECK_OK(dashboard_put(scope, TEXT("Monday"), TEXT(""), parsed(scope, "{\"tiles\":[]}")));
    CHECK_OK(dashboard_find(scope, TEXT("Monday"), &dashboard));
    CHECK_TEXT(dashboard.definition, "{\"tiles\":[]}");
    CHECK_OK(dashboard_delete(scope, TEXT("Monday")));
    CHECK_CODE(dashboard_find(scope, TEXT("Monday"), &dashboard), NOT_FOUND);
}

TEST(a_tile_that_cannot_be_shown_is_named) {
    static const struct {
        const char *definition, *message;
    } refused[] = {
        {"{\"tiles\":[{\"kind\":\"text\",\"text\":\"a\"},{\"kind\":\"cake\"}]}", "tile 2: "},
        {"{\"tiles\":[{\"kind\":\"figure\"}]}", "tile 1: it names no metric"},
        {"{\"tiles\":[{\"kind\":\"figure\",\"metric\":\"profit\"}]}", "tile 1: "},
        {"{\"tiles\":[{\"kind\":\"chart\",\"metric\":\"receipts\",\"by\":\"moon\"}]}", "tile 1: "},
        {"{\"tiles\":[{\"kind\":\"text\"}]}", "tile 1: it has no words"},
        {"{\"tiles\":[{\"kind\":\"segment\"}]}", "tile 1: it names no segment"},
        {"{\"tiles\":[{\"kind\":\"forecast\",\"width\":5}]}", "tile 1: a width of 5"},
        {"{\"tiles\":[{\"kind\":\"forecast\",\"onload\":\"x\"}]}", "tile 1: "},
        {"{\"tiles\":{}}", "tiles are a list"},
        {"{\"tiles\":[],\"compare\":\"moon\"}", "\"moon\" is nothing to compare with"},
        {"{\"tiles\":[],\"period\":\"moon\"}", ""},
        {"{}", ""},
        {"[]", ""},
    };

    test_store(scope);
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        const code outcome =
            dashboard_put(scope, TEXT("a"), TEXT(""), parsed(scope, refused[i].definition));

        if ((outcome != INVALID && outcome != NOT_FOUND) ||
            strncmp(scope->failure.message, refused[i].message, strlen(refused[i].message)) != 0)
            test_fail(__FILE__, __LINE__, "%s: %s", refused[i].definition, scope->failure.message);
        scope_forgive(scope);
    }
}
