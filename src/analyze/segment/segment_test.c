// SPDX-License-Identifier: Apache-2.0
#include "analyze/segment/segment.h"

#include "analyze/metric/metric_testing.h"
#include "analyze/segment/segment_http.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/time.h"
#include "govern/access/access.h"
#include "store/change.h"
#include "store/export_file.h"
#include "store/ledger.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct json *json_of(struct scope *scope, const char *text) {
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(text), &json));
    return json;
}

// ---- reading ----

struct no_library {
    struct segment_library base;
};

static code find_nothing(struct segment_library *library, struct scope *scope, struct text name,
                         const struct json **ret_definition) {
    (void)library, (void)scope, (void)name, (void)ret_definition;
    return OK;
}

static void check_refused(struct scope *scope, const char *text, const char *field,
                          const char *message) {
    struct no_library library = {.base.find = find_nothing};
    const struct segment_node *tree;
    const code result =
        segment_tree_read(scope, json_of(scope, text), TEXT(""), &library.base, &tree);

    if (result != INVALID && result != TOO_LARGE)
        test_fail(__FILE__, __LINE__, "%s gives %s", text, code_info(result)->name);
    CHECK_STRING(scope->failure.field, field);
    if (!strstr(scope->failure.message, message))
        test_fail(__FILE__, __LINE__, "%s is said of %s", scope->failure.message, text);
    scope_forgive(scope);
}

TEST(a_tree_that_cannot_be_is_refused_with_its_place) {
    check_refused(scope, "{}", "", "no condition");
    check_refused(scope, "7", "", "no condition");
    check_refused(scope, "{\"any\": []}", "any", "one or more");
    check_refused(scope, "{\"all\": {}}", "all", "list of conditions");
    check_refused(scope, "{\"all\": [], \"any\": []}", "", "beside \"all\"");
    check_refused(scope, "{\"all\": [{\"all\": []}, {\"x\": 1}]}", "all[1]", "no condition");
    check_refused(scope, "{\"not\": {\"not\": {\"any\": [3]}}}", "not.not.any[0]", "no condition");
    check_refused(scope, "{\"attribute\": \"contry\", \"operator\": \"is\", \"value\": \"x\"}",
                  "attribute", "no attribute \"contry\"");
    check_refused(scope, "{\"attribute\": \"country\", \"operator\": \">=\", \"value\": \"x\"}",
                  "operator", "no operator of attribute \"country\"");
    check_refused(scope, "{\"attribute\": \"country\", \"value\": \"x\"}", "operator", "missing");
    check_refused(scope, "{\"attribute\": \"country\", \"operator\": \"is\", \"value\": 1}",
                  "value", "a text is expected");
    check_refused(scope, "{\"attribute\": \"country\", \"operator\": \"in\", \"value\": []}",
                  "value", "list");
    check_refused(scope, "{\"attribute\": \"country\", \"operator\": \"is_known\", \"value\": 1}",
                  "value", "takes no value");
    check_refused(scope,
                  "{\"attribute\": \"birth_on\", \"operator\": \"is\", \"value\": \"1.13.\"}",
                  "value", "a day");
    check_refused(scope, "{\"attribute\": \"attributes.$.a\", \"operator\": \"is_known\"}",
                  "attribute", "cannot be asked for");
    check_refused(scope,
                  "{\"all\": [{\"sales\": \"count\", \"where\": {\"kind\": \"gift\"}, "
                  "\"operator\": \">\", \"value\": 1}]}",
                  "all[0].where.kind", "\"sale\", \"refund\", \"adjustment\"");
    check_refused(scope,
                  "{\"sales\": \"count\", \"where\": {\"shop\": \"x\"}, \"operator\": \">\", "
                  "\"value\": 1}",
                  "where", "restricted by \"shop\"");
    check_refused(scope, "{\"event\": \"x\", \"where\": {\"store\": \"x\"}}", "where",
                  "events cannot be restricted by \"store\"");
    check_refused(scope, "{\"any\": [{\"event\": \"x\", \"where\": {\"coupon\": [1]}}]}",
                  "any[0].where.coupon", "takes a text");
    check_refused(scope,
                  "{\"sales\": \"count\", \"window\": {\"days\": 3, \"from\": \"2011-01-01\"}, "
                  "\"operator\": \">\", \"value\": 1}",
                  "window", "either");
    check_refused(scope,
                  "{\"sales\": \"count\", \"window\": {\"days\": 0}, \"operator\": \">\", "
                  "\"value\": 1}",
                  "window.days", "0 days");
    check_refused(scope,
                  "{\"event\": \"x\", \"window\": {\"from\": \"2011-02-01\", \"to\": "
                  "\"2011-01-01\"}}",
                  "window.to", "ends before");
    check_refused(scope, "{\"sales\": \"count\", \"operator\": \">\", \"value\": 1.5}", "value",
                  "whole number");
    check_refused(scope, "{\"sales\": \"sum_gross\", \"operator\": \">\", \"value\": 1e14}",
                  "value", "decimal units");
    check_refused(scope, "{\"consent\": \"x\", \"operator\": \"granted\"}", "channel", "missing");
    check_refused(scope, "{\"event\": \"x\", \"colour\": 1}", "colour", "not known");
    check_refused(scope, "{\"segment\": \"x\", \"operator\": \"in\"}", "segment",
                  "no segment \"x\"");
}

// ten "not"s and a clause, or a list of so many clauses
static const char *nested(struct scope *scope, int depth) {
    const char *text = "{\"event\": \"x\"}";

    for (int i = 0; i < depth; i++)
        text = arena_printf(&scope->arena, "{\"not\": %s}", text);
    return text;
}

static const char *many(struct scope *scope, int count) {
    CLEANUP(buffer_clear) struct buffer text = {0};

    buffer_add_string(&text, "{\"all\": [{\"event\": \"x\"}");
    for (int i = 1; i < count; i++)
        buffer_add_string(&text, ", {\"event\": \"x\"}");
    buffer_add_string(&text, "]}");
    return text_string(&scope->arena, buffer_text(&text));
}

TEST(a_tree_past_its_limits_is_refused) {
    struct no_library library = {.base.find = find_nothing};
    const struct segment_node *tree;

    CHECK_OK(segment_tree_read(scope, json_of(scope, nested(scope, LIMIT_SEGMENT_DEPTH - 1)),
                               TEXT(""), &library.base, &tree));
    CHECK_OK(segment_tree_read(scope, json_of(scope, many(scope, LIMIT_SEGMENT_CLAUSES)), TEXT(""),
                               &library.base, &tree));
    check_refused(scope, many(scope, LIMIT_SEGMENT_CLAUSES + 1), "all[200]", "more than 200");
    CHECK_CODE(segment_tree_read(scope, json_of(scope, nested(scope, LIMIT_SEGMENT_DEPTH)),
                                 TEXT(""), &library.base, &tree),
               TOO_LARGE);
}

TEST(a_tree_is_shown_in_words) {
    CLEANUP(buffer_clear) struct buffer words = {0};
    struct no_library library = {.base.find = find_nothing};
    const struct segment_node *tree;

    CHECK_OK(segment_tree_read(
        scope,
        json_of(scope, "{\"all\": [{\"attribute\": \"country\", \"operator\": \"in\", \"value\": "
                       "[\"France\", \"Spain\"]}, {\"not\": {\"sales\": \"sum_gross\", \"where\": "
                       "{\"category\": \"Tea\"}, \"window\": {\"days\": 90}, \"operator\": \">=\", "
                       "\"value\": 500.5}}, {\"event\": \"opened\", \"where\": "
                       "{\"product\": [\"A\", \"B\"]}, \"window\": {\"from\": "
                       "\"2011-01-01\"}}, {\"consent\": \"news\", \"channel\": \"email\", "
                       "\"operator\": \"not_granted\"}]}"),
        TEXT(""), &library.base, &tree));
    segment_write_tree(&words, tree);
    CHECK_STRING(buffer_string(&words),
                 "all of:\n"
                 "  country in \"France\", \"Spain\"\n"
                 "  not:\n"
                 "    sum_gross of category \"Tea\" in the last 90 days >= "
                 "500.5\n"
                 "  events \"opened\" of product \"A\" or \"B\" from 2011-01-01 >= 1\n"
                 "  consent \"news\" by \"email\" not granted\n");
}

// ---- definitions ----

static void create(struct scope *scope, const char *name, const char *definition) {
    CHECK_OK(segment_create(scope, text_of(name), TEXT(""), json_of(scope, definition)));
}

TEST(segments_that_refer_to_each_other_cannot_go_in_circles) {
    test_store(scope);
    create(scope, "a", "{\"attribute\": \"country\", \"operator\": \"is_known\"}");
    create(scope, "b", "{\"all\": [{\"segment\": \"a\", \"operator\": \"in\"}]}");
    create(scope, "c", "{\"not\": {\"segment\": \"b\", \"operator\": \"not_in\"}}");
    CHECK_CODE(segment_update(scope, TEXT("a"), (struct text){0},
                              json_of(scope, "{\"any\": [{\"segment\": \"c\", "
                                             "\"operator\": \"in\"}]}")),
               INVALID);
    CHECK(strstr(scope->failure.message, "\"a\" → \"c\" → \"b\" → \"a\""));
    scope_forgive(scope);
    CHECK_CODE(segment_create(scope, TEXT("d"), TEXT(""),
                              json_of(scope, "{\"segment\": \"d\", \"operator\": \"in\"}")),
               INVALID);
    scope_forgive(scope);
    CHECK_CODE(segment_delete(scope, TEXT("b")), CONFLICT);
    CHECK_STRING(scope->failure.message, "segment \"c\" refers to \"b\"");
    scope_forgive(scope);
    CHECK_CODE(segment_create(scope, TEXT("a"), TEXT(""), json_of(scope, "{\"all\": []}")),
               CONFLICT);
    scope_forgive(scope);
    CHECK_OK(segment_delete(scope, TEXT("c")));
    CHECK_OK(segment_delete(scope, TEXT("b")));
    CHECK_STRING(test_ledger_rows(scope, "SELECT name FROM segment"), "a");
}

// ---- members ----

// 10 buys for 30 in May, 20 for 5 in May, 30 for 50 in January; 40 gives everything back.
static void put_sales(struct scope *scope) {
    const struct test_line lines[] = {
        {.sale = 1,
         .kind = TEST_SALE,
         .at = "2011-05-20 10:00",
         .customer = 10,
         .product = 1,
         .quantity = 3,
         .price = 10},
        {.sale = 2,
         .kind = TEST_SALE,
         .at = "2011-05-21 10:00",
         .customer = 20,
         .product = 2,
         .quantity = 1,
         .price = 5},
        {.sale = 3,
         .kind = TEST_SALE,
         .at = "2011-01-01 10:00",
         .customer = 30,
         .product = 1,
         .quantity = 1,
         .price = 50},
        {.sale = 4,
         .kind = TEST_SALE,
         .at = "2011-05-22 10:00",
         .customer = 40,
         .product = 3,
         .quantity = 1,
         .price = 40},
        {.sale = 5,
         .kind = TEST_REFUND,
         .at = "2011-05-23 10:00",
         .customer = 40,
         .product = 3,
         .quantity = -1,
         .price = 40},
    };

    test_store(scope);
    test_sales(scope, lines, sizeof(lines) / sizeof(*lines));
}

#define SPENT_30                                                                                   \
    "{\"sales\": \"sum_gross\", \"window\": {\"days\": 90}, \"operator\": \">=\", \"value\": 30}"

static int64_t count_with(struct scope *scope, const char *definition, int32_t day) {
    const struct segment_node *tree;
    int64_t count;

    CHECK_OK(segment_tree(scope, json_of(scope, definition), TEXT(""), &tree, NULL));
    CHECK_OK(segment_count(scope, tree, day, &count));
    return count;
}

TEST(the_same_count_is_worked_out_once_until_the_data_changes) {
    static const char definition[] = "{\"sales\": \"count\", \"operator\": \">=\", \"value\": 1}";
    const int32_t day = day_from_civil(2011, 5, 23);
    int64_t count, run;

    put_sales(scope);
    count = count_with(scope, definition, day);
    run = store_lake_counts(session_store(scope)).run;
    CHECK(count > 1);
    CHECK_INT(count_with(scope, definition, day), count);
    CHECK_INT(store_lake_counts(session_store(scope)).run, run);
    CHECK(count_with(scope, definition, day_from_civil(2000, 1, 1)) < count);
    CHECK(store_lake_counts(session_store(scope)).run > run);
    test_alias(scope, 10, 20);
    CHECK_INT(count_with(scope, definition, day), count - 1);
}

static struct segment refreshed(struct scope *scope, const char *name, int32_t day) {
    struct segment segment;

    CHECK_OK(segment_find(scope, text_of(name), &segment));
    CHECK_OK(segment_refresh(scope, &segment, day));
    return segment;
}

TEST(members_enter_stay_and_depart_with_the_day) {
    static const char members[] = "SELECT customer, since_us FROM segment_member ORDER BY 1";
    struct segment segment;

    put_sales(scope);
    create(scope, "spenders", SPENT_30);
    scope->now_us = INT64_C(4000000000000000);
    segment = refreshed(scope, "spenders", day_from_civil(2011, 3, 1));
    CHECK_INT(segment.size, 1);
    CHECK_STRING(test_ledger_rows(scope, members), "30|4000000000000000");
    // The last of the 90 days is 2011-05-22: the refund is not yet made, and 30 bought before.
    scope->now_us += 10;
    segment = refreshed(scope, "spenders", day_from_civil(2011, 5, 22));
    CHECK_STRING(test_ledger_rows(scope, members), "10|4000000000000010\n40|4000000000000010");
    CHECK_INT(segment.entered, 2);
    CHECK_INT(segment.departed, 1);
    scope->now_us += 10;
    segment = refreshed(scope, "spenders", day_from_civil(2011, 5, 23));
    CHECK_INT(segment.size, 1);
    CHECK_STRING(test_ledger_rows(scope, members), "10|4000000000000010");
    CHECK_STRING(test_ledger_rows(
                     scope, "SELECT size, entered, departed FROM segment_history ORDER BY at_us"),
                 "1|1|0\n2|2|1\n1|0|1");
}

TEST(a_segment_is_evaluated_again_only_when_something_changed) {
    static const char evaluations[] = "SELECT count(*) FROM segment_history";
    const int32_t day = day_from_civil(2011, 5, 23);
    struct segment segment;

    put_sales(scope);
    create(scope, "spenders", SPENT_30);
    create(scope, "others", "{\"segment\": \"spenders\", \"operator\": \"not_in\"}");
    CHECK_OK(segment_find(scope, TEXT("others"), &segment));
    CHECK_OK(segment_freshen(scope, &segment, day));
    CHECK_INT(segment.size, 3);
    CHECK_OK(segment_freshen(scope, &segment, day));
    CHECK_STRING(test_ledger_rows(scope, evaluations), "1");
    CHECK_OK(segment_freshen(scope, &segment, day - 1));
    CHECK_INT(segment.size, 2);
    CHECK_STRING(test_ledger_rows(scope, evaluations), "2");
    // Another segment's definition is a part of this one.
    scope->now_us = time_now_us() + US_PER_SECOND;
    CHECK_OK(
        segment_update(scope, TEXT("spenders"), (struct text){0}, json_of(scope, "{\"all\": []}")));
    CHECK_OK(segment_find(scope, TEXT("others"), &segment));
    CHECK_OK(segment_freshen(scope, &segment, day - 1));
    CHECK_INT(segment.size, 0);
    test_alias(scope, 10, 20); // the data changed
    CHECK_OK(segment_freshen(scope, &segment, day - 1));
    CHECK_STRING(test_ledger_rows(scope, evaluations), "4");
}

TEST(why_tells_the_fact_behind_each_clause) {
    const struct segment_node *tree;
    struct segment_reason *reasons;
    size_t count;

    put_sales(scope);
    CHECK_OK(segment_tree(
        scope,
        json_of(scope, "{\"any\": [" SPENT_30 ", {\"sales\": \"days_since_last\", \"operator\": "
                       "\"<=\", \"value\": 7}, {\"attribute\": \"country\", \"operator\": "
                       "\"is\", \"value\": \"France\"}, {\"sales\": \"average_receipt\", "
                       "\"operator\": \">\", \"value\": 1}]}"),
        TEXT(""), &tree, NULL));
    CHECK_OK(segment_why(scope, tree, day_from_civil(2011, 5, 23), (const int64_t[]){40, 30}, 2,
                         &reasons, &count));
    CHECK_INT((int64_t)count, 4);
    CHECK_TEXT(reasons[0].words, "sum_gross in the last 90 days = 0 (>= 30)");
    CHECK(!reasons[0].holds);
    CHECK_TEXT(reasons[1].words, "days_since_last = 1 (<= 7)");
    CHECK(reasons[1].holds);
    CHECK_TEXT(reasons[2].words, "country = unknown (is \"France\")");
    CHECK_TEXT(reasons[3].words, "average_receipt = 40.00 (> 1)");
    CHECK_TEXT(reasons[5].words, "days_since_last = 142 (<= 7)");
    CHECK(!reasons[5].holds);
}

// ---- export ----

static const char *content_of(struct scope *scope, const char *path) {
    FILE *file = fopen(path, "rb");
    char *content = arena_alloc(&scope->arena, 4096);

    CHECK(file);
    content[fread(content, 1, 4095, file)] = '\0';
    fclose(file);
    return content;
}

// Names that a spreadsheet would run, and contacts.
static void put_hostile_names(struct scope *scope) {
    static const char *const names[] = {"=1+2", "@SUM(A1)", "-2.5", "+4-3, \"x\""};

    for (int64_t i = 0; i < 4; i++)
        CHECK_OK(ledger_exec(scope, "UPDATE customer SET name = $2 WHERE id = $1",
                             BINDS(BIND_INT64(10 * (i + 1)), BIND_STRING(names[i]))));

    test_ledger_exec(scope, "INSERT INTO identifier (id, kind, source, value, origin, import_id, "
                            "seen_at_us) VALUES (1001, 1, '', 'old@example.org', 10, 1, 1), "
                            "(1002, 1, '', 'new@example.org', 10, 1, 2), "
                            "(1003, 2, '', '+442079460018', 20, 1, 1);");
}

TEST(an_export_is_safe_for_spreadsheets_and_stands_in_the_audit_log) {
    const char *path;
    struct segment segment;
    struct stat status;
    int64_t count;

    put_sales(scope);
    put_hostile_names(scope);
    scope->now_us = INT64_C(1305979199000000);
    create(scope, "all of them", "{\"all\": []}");
    scope->now_us += US_PER_SECOND;
    scope->actor.permissions = MAY_EVERYTHING;
    segment = refreshed(scope, "all of them", day_from_civil(2011, 5, 23));
    path = arena_printf(&scope->arena, "%s/out.csv", test_folder(scope));
    CHECK_OK(segment_export(scope, &segment, path, EXPORT_CSV, &count));
    CHECK_INT(count, 4);
    CHECK(stat(path, &status) == 0);
    CHECK_INT(status.st_mode & 0777, 0600);
    CHECK_STRING(content_of(scope, path),
                 arena_printf(&scope->arena,
                              "customer,number,name,country,since,email,phone\r\n"
                              "10,10,'=1+2,,%s,new@example.org,\r\n"
                              "20,20,'@SUM(A1),,%s,,+442079460018\r\n"
                              "30,30,-2.5,,%s,,\r\n"
                              "40,40,\"'+4-3, \"\"x\"\"\",,%s,,\r\n",
                              "2011-05-21T12:00:00Z", "2011-05-21T12:00:00Z",
                              "2011-05-21T12:00:00Z", "2011-05-21T12:00:00Z"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT action, object, details FROM audit"),
                 "segment.export|segment all of them|"
                 "{\"count\": 4, \"format\": \"csv\", \"contacts\": true}");
    CHECK_CODE(segment_export(scope, &segment, path, EXPORT_CSV, &count), CONFLICT);
}

TEST(an_export_without_permission_holds_no_contacts) {
    const char *path;
    struct segment segment;
    int64_t count;

    put_sales(scope);
    put_hostile_names(scope);
    create(scope, "spenders", SPENT_30);
    scope->actor.permissions = MAY_EXPORT;
    segment = refreshed(scope, "spenders", day_from_civil(2011, 5, 23));
    path = arena_printf(&scope->arena, "%s/out.jsonl", test_folder(scope));
    CHECK_OK(segment_export(scope, &segment, path, EXPORT_JSON_LINES, &count));
    CHECK(strstr(content_of(scope, path),
                 "{\"customer\":\"10\",\"number\":\"10\",\"name\":\"=1+2\""));
    CHECK(!strstr(content_of(scope, path), "example.org"));
}

TEST(an_export_that_the_audit_log_does_not_take_leaves_no_file) {
    const char *folder;
    struct segment segment;
    int64_t count;

    put_sales(scope);
    create(scope, "spenders", SPENT_30);
    segment = refreshed(scope, "spenders", day_from_civil(2011, 5, 23));
    folder = test_folder(scope);
    test_ledger_exec(scope, "ALTER TABLE audit RENAME TO audit_gone;");
    CHECK(segment_export(scope, &segment, arena_printf(&scope->arena, "%s/out.csv", folder),
                         EXPORT_CSV, &count) != OK);
    CHECK(access(arena_printf(&scope->arena, "%s/out.csv", folder), F_OK) != 0);
    CHECK(access(arena_printf(&scope->arena, "%s/out.csv.%d.part", folder, (int)getpid()), F_OK) !=
          0);
}

TEST(an_export_becomes_a_parquet_file) {
    const char *path;
    struct segment segment;
    int64_t count;

    put_sales(scope);
    put_hostile_names(scope);
    create(scope, "all of them", "{\"all\": []}");
    segment = refreshed(scope, "all of them", day_from_civil(2011, 5, 23));
    path = arena_printf(&scope->arena, "%s/out.parquet", test_folder(scope));
    CHECK_OK(segment_export(scope, &segment, path, EXPORT_PARQUET, &count));
    CHECK_INT(count, 4);
    CHECK(memcmp(content_of(scope, path), "PAR1", 4) == 0);
}

// ---- hostile trees ----

static const char *hostile_word(struct random *random) {
    static const char *const words[] = {
        "\"country\"",
        "\"attributes.level\"",
        "\"attributes.a'b\"",
        "\"attributes.$\"",
        "\"attributes.\\\\\"",
        "\"attributes.a.b[0]\"",
        "\"attributes.[\"",
        "\"attributes.%s%n\"",
        "\"attributes.ü💡\"",
        "\"attributes.#-1\"",
        "\"count\"",
        "\"sum_gross\"",
        "\"average_receipt\"",
        "\"days_since_last\"",
        "\"last_on\"",
        "\"is\"",
        "\"in\"",
        "\"is_not\"",
        "\">=\"",
        "\"<\"",
        "\"contains\"",
        "\"is_known\"",
        "\"granted\"",
        "\"'; DROP TABLE sale; --\"",
        "\"$1\"",
        "\"\\u0000\"",
        "\"0001-01-01\"",
        "\"9999-12-31\"",
        "\"2011-05-05\"",
        "0",
        "-1",
        "9223372036854775807",
        "9223372036854",
        "1e308",
        "0.0000001",
        "100000",
        "true",
        "null",
        "[]",
        "[\"a\", 1]",
        "[\"sale\"]",
        "{}",
        "{\"days\": 100000}",
        "{\"from\": \"0001-01-01\"}",
        "{\"to\": \"9999-12-31\"}",
        "{\"kind\": \"refund\"}",
        "{\"product\": [\"P1\"], \"store\": \"'\"}",
    };

    return words[random_below(random, sizeof(words) / sizeof(*words))];
}

static void write_hostile(struct random *random, struct buffer *out, int depth) {
    static const char *const clauses[] = {"attribute", "attribute", "sales",
                                          "event",     "consent",   "segment"};
    static const char *const members[] = {"where", "window", "channel", "colour"};

    if (depth < 4 && random_below(random, 3) == 0) {
        buffer_printf(out, random_below(random, 2) ? "{\"all\": [" : "{\"any\": [");
        write_hostile(random, out, depth + 1);
        buffer_add_char(out, ',');
        write_hostile(random, out, depth + 1);
        buffer_add_string(out, "]}");
        return;
    }
    buffer_printf(out, "{\"%s\": %s, \"operator\": %s", clauses[random_below(random, 6)],
                  hostile_word(random), hostile_word(random));
    if (random_below(random, 4))
        buffer_printf(out, ", \"value\": %s", hostile_word(random));
    if (random_below(random, 3) == 0)
        buffer_printf(out, ", \"%s\": %s", members[random_below(random, 4)], hostile_word(random));
    buffer_add_char(out, '}');
}

TEST(a_count_tells_its_conditions_in_words_and_as_sql_when_asked_to) {
    const struct request_parameter explain = {TEXT("sql"), TEXT("true")};
    struct request request = {
        .body = json_of(scope, "{\"definition\": {\"not\": {\"attribute\": \"has_email\","
                               " \"operator\": \"is\", \"value\": true}}}"),
    };
    CLEANUP(response_clear) struct response response;
    const char *body;

    test_store(scope);
    response_init(&response);
    CHECK_OK(segment_http_count_tree(scope, &request, &response));
    CHECK_STRING(buffer_string(&response.body), "{\"count\":0}");
    response_clear(&response);
    response_init(&response);
    request.parameters = &explain;
    request.parameter_count = 1;
    CHECK_OK(segment_http_count_tree(scope, &request, &response));
    body = buffer_string(&response.body);
    CHECK(strstr(body, "[[\"not:\"],[\"  has_email is true\"]]") != NULL);
    CHECK(strstr(body, "\"sql\":{\"columns\"") != NULL);
}

TEST(thousands_of_hostile_trees_are_refused_or_evaluated) {
    struct random random = random_stream(1, 2, 3);
    int evaluated = 0;

    put_sales(scope);
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(scope, "UPDATE customer SET attributes = '{\"level\": \"3\"}' WHERE id = 10;");
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, 10, 10));
    CHECK_OK(ledger_commit(scope));
    for (int i = 0; evaluated < 400 && i < 200000; i++) {
        CLEANUP(buffer_clear) struct buffer text = {0};
        const struct segment_node *tree;
        int64_t count;

        write_hostile(&random, &text, i % 20 == 0 ? 0 : 4);
        if (segment_tree(scope, json_of(scope, buffer_string(&text)), TEXT(""), &tree, NULL) !=
            OK) {
            CHECK(scope->failure.code == INVALID || scope->failure.code == TOO_LARGE);
            scope_forgive(scope);
            continue;
        }
        if (segment_count(scope, tree, day_from_civil(2011, 5, 23), &count) != OK)
            test_fail(__FILE__, __LINE__, "%s: %s %s", buffer_string(&text), scope->failure.message,
                      scope->failure.detail);
        evaluated++;
    }
    CHECK_INT(evaluated, 400);
}
