// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include "base/limits.h"
#include "base/test.h"

#include <math.h>

static struct text written(struct scope *scope, const struct json *json) {
    struct buffer out = {0};
    struct json_writer writer;
    struct text copy;

    json_writer_init(&writer, &out);
    json_write(&writer, json);
    copy = text_copy(&scope->arena, buffer_text(&out));
    buffer_clear(&out);
    return copy;
}

TEST(a_document_is_read_into_a_tree) {
    struct json *json = NULL;
    const struct json *lines;

    CHECK_OK(json_parse(
        scope,
        TEXT(" {\"id\": \"C536379\", \"lines\": [{\"quantity\": -1, \"price\": 27.5}, null],"
             " \"paid\": true, \"note\": \"Z\\u00fcrich \\ud83d\\ude00\\n\", \"e\": {}} "),
        &json));
    CHECK_INT(json->type, JSON_OBJECT);
    CHECK_INT((int64_t)json->count, 5);
    CHECK_TEXT(json_member(json, "id")->string, "C536379");
    CHECK_TEXT(json_member(json, "note")->string, "Z\xC3\xBCrich \xF0\x9F\x98\x80\n");
    CHECK(json_member(json, "paid")->boolean);
    CHECK_INT((int64_t)json_member(json, "e")->count, 0);
    CHECK(json_member(json, "missing") == NULL);
    lines = json_member(json, "lines");
    CHECK_INT(lines->type, JSON_ARRAY);
    CHECK_INT((int64_t)lines->count, 2);
    CHECK(json_member(lines, "quantity") == NULL);
    CHECK_INT(json_member(lines->first, "quantity")->int64, -1);
    CHECK_CLOSE(json_member(lines->first, "price")->number, 27.5, 0.0);
    CHECK_INT(lines->first->next->type, JSON_NULL);
    CHECK(lines->first->next->next == NULL);
}

TEST(numbers_keep_their_kind_and_value) {
    struct json *json = NULL;

    CHECK_OK(json_parse(
        scope,
        TEXT("[9223372036854775807, -9223372036854775808, 9223372036854775808, 0.1, 1e3, "
             "5e-324, 1.7976931348623157e308, -0.0, 123456789012345678, 1E22, -1e19]"),
        &json));
    CHECK_TEXT(written(scope, json),
               "[9223372036854775807,-9223372036854775808,9223372036854775808,0.1,1000,5e-324,"
               "1.7976931348623157e+308,-0.0,123456789012345678,1e+22,-1e+19]");
}

TEST(what_is_not_json_is_refused) {
    static const struct text wrong[] = {
        TEXT(""),
        TEXT(" \n"),
        TEXT("{"),
        TEXT("[1,]"),
        TEXT("[1 2]"),
        TEXT("{\"a\"}"),
        TEXT("{\"a\":1,}"),
        TEXT("{a:1}"),
        TEXT("{'a':1}"),
        TEXT("[01]"),
        TEXT("[1.]"),
        TEXT("[.5]"),
        TEXT("[+1]"),
        TEXT("[NaN]"),
        TEXT("[Infinity]"),
        TEXT("nul"),
        TEXT("truex"),
        TEXT("\"open"),
        TEXT("\"tab\there\""),
        TEXT("\"\\x\""),
        TEXT("\"\\u12\""),
        TEXT("{} {}"),
        TEXT("{}]"),
        TEXT("[}"),
        TEXT("1 // one"),
        TEXT("\xEF\xBB\xBF"),
        TEXT("[1e400]"),
        TEXT("[18446744073709551616]"),
        TEXT("[-1e999]"),
        TEXT("[\"nul \0 here\"]"),
        TEXT("[1]\0"),
        TEXT("\"\xFF\""),
        TEXT("\"\xC0\xAF\""),
        TEXT("\"\xED\xA0\x80\""),
        TEXT("\"\\ud800\""),
        TEXT("\"\\udc00\""),
        TEXT("\"\\ud800\\u0041\""),
        TEXT("\"\\udfff\\ud800\""),
        TEXT("\"\\ud800\\ud800\""),
        TEXT("{\"\\udc00\": 1}"),
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct json *json = NULL;

        if (json_parse(scope, wrong[i], &json) != INVALID)
            test_fail(__FILE__, __LINE__, "%zu: %.*s is not refused", i, TEXT_ARG(wrong[i]));
        CHECK(json == NULL);
        scope_forgive(scope);
    }
}

TEST(an_error_names_its_place) {
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "at line 1, column 1: it is empty"},
        {"{\"a\": 1,\n \"b\": tru }",
         "at line 2, column 10: a word is none of true, false and null"},
        {"[1,\n\n2 3]", "at line 3, column 3: brackets, commas and colons do not fit together"},
        {"{\"a\" 1}", "at line 1, column 6: brackets, commas and colons do not fit together"},
        {"[1] x", "at line 1, column 5: brackets, commas and colons do not fit together"},
        {"[\"ok\", \"\\ud800\"]",
         "at line 1, column 9: a string holds a wrong escape or half of a surrogate pair"},
        {"[\"\xC3\xBC\xFF\"]", "at line 1, column 5: it is not well-formed UTF-8"},
        {"[\"open]", "at line 1, column 8: a string is not closed"},
        {"[-]", "at line 1, column 3: a number is malformed or out of range"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct json *json = NULL;

        CHECK_CODE(json_parse(scope, text_of(cases[i].text), &json), INVALID);
        CHECK_STRING(scope->failure.message,
                     arena_printf(&scope->arena, "JSON cannot be read %s", cases[i].message));
        scope_forgive(scope);
    }
}

TEST(what_is_refused_for_its_size_has_no_place) {
    struct json *json = NULL;

    CHECK_CODE(json_parse(scope, TEXT("[1, 1e400]"), &json), INVALID);
    CHECK_STRING(scope->failure.message,
                 "JSON cannot be read: a number is malformed or out of range");
}

TEST(a_nul_may_stand_escaped_in_a_string) {
    struct json *json = NULL;

    CHECK_OK(json_parse(scope, TEXT("{\"a\\u0000b\": \"\\u0000\"}"), &json));
    CHECK_INT((int64_t)json->first->key.size, 3);
    CHECK_INT((int64_t)json->first->string.size, 1);
    CHECK_TEXT(written(scope, json), "{\"a\\u0000b\":\"\\u0000\"}");
}

static struct text nested(struct arena *arena, size_t depth, bool closed) {
    char *text = arena_alloc(arena, 2 * depth);

    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return (struct text){text, closed ? 2 * depth : depth};
}

TEST(nesting_ends_at_the_limit) {
    struct json *json = NULL;

    CHECK_OK(json_parse(scope, nested(&scope->arena, LIMIT_JSON_DEPTH, true), &json));
    CHECK_CODE(json_parse(scope, nested(&scope->arena, LIMIT_JSON_DEPTH + 1, true), &json),
               INVALID);
    CHECK_STRING(scope->failure.message,
                 "JSON cannot be read at line 1, column 33: it is nested too deep");
    scope_forgive(scope);
    CHECK_CODE(json_parse(scope, nested(&scope->arena, 1000000, false), &json), INVALID);
}

TEST(documents_past_the_limit_are_refused_before_they_are_read) {
    struct json *json = NULL;

    CHECK_CODE(json_parse(scope, (struct text){"[", (size_t)LIMIT_JSON_BYTES + 1}, &json),
               TOO_LARGE);
}

TEST(keys_that_repeat_are_refused_with_their_place) {
    struct json *json = NULL;
    struct buffer many = {0};

    CHECK_CODE(json_parse(scope, TEXT("{\"a\": 1, \"b\": 2, \"\\u0061\": 3}"), &json), INVALID);
    CHECK_STRING(scope->failure.message, "key \"a\" occurs twice in the document");
    scope_forgive(scope);
    CHECK_CODE(json_parse(scope, TEXT("{\"all\": [1, {\"x\": {\"k\": 1, \"k\": 2}}]}"), &json),
               INVALID);
    CHECK_STRING(scope->failure.message, "key \"k\" occurs twice in /all/1/x");
    scope_forgive(scope);
    buffer_add_char(&many, '{');
    for (int i = 0; i < 5000; i++)
        buffer_printf(&many, "\"key%d\": %d, ", i, i);
    buffer_add_string(&many, "\"last\": 1}");
    CHECK_OK(json_parse(scope, buffer_text(&many), &json));
    memcpy(many.data + many.size - 10, "\"key9", 5);
    CHECK_CODE(json_parse(scope, buffer_text(&many), &json), INVALID);
    buffer_clear(&many);
}

TEST(a_reader_serves_one_document_after_another) {
    struct json_reader *reader = json_reader_new();
    struct json *first = NULL, *second = NULL;

    CHECK_OK(json_reader_parse(reader, scope, TEXT("{\"a\": \"first\"}"), &first));
    CHECK_CODE(json_reader_parse(reader, scope, TEXT("{\"a\": \"fi"), &second), INVALID);
    scope_forgive(scope);
    CHECK_OK(json_reader_parse(reader, scope, TEXT("[\"other\", \"longer than the one before\"]"),
                               &second));
    CHECK_TEXT(first->first->string, "first");
    CHECK_TEXT(second->first->string, "other");
    json_reader_free(reader);
    json_reader_free(NULL);
}

TEST(scalars_are_given_as_text) {
    struct json *json = NULL;
    static const char *const expected[] = {"", "true", "-42", "2.55", "a", "", "", "1e+300"};
    size_t i = 0;

    CHECK_OK(json_parse(scope, TEXT("[null, true, -42, 2.550, \"a\", [1], {}, 1e300]"), &json));
    for (const struct json *child = json->first; child; child = child->next)
        CHECK_TEXT(json_scalar_text(&scope->arena, child), expected[i++]);
}

TEST(the_writer_sets_commas_and_escapes) {
    struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    json_key(&writer, "empty");
    json_begin_array(&writer);
    json_end_array(&writer);
    json_key(&writer, "list");
    json_begin_array(&writer);
    json_write_int64(&writer, INT64_MIN);
    json_write_bool(&writer, false);
    json_begin_object(&writer);
    json_end_object(&writer);
    json_write_null(&writer);
    json_write_string(&writer, NULL);
    json_end_array(&writer);
    json_key_text(&writer, TEXT("k\"\\\n\x01"));
    json_write_text(&writer, TEXT("a\tb\r\x1F\x7F/\xC3\xBC\xC2\x85\xC2\xA0"));
    json_key(&writer, "money");
    json_write_micros(&writer, 2550000);
    json_key(&writer, "least");
    json_write_micros(&writer, INT64_MIN);
    json_end_object(&writer);
    CHECK_TEXT(
        buffer_text(&out),
        "{\"empty\":[],\"list\":[-9223372036854775808,false,{},null,null],\"k\\\"\\\\\\n\\u0001\":"
        "\"a\\tb\\r\\u001f\\u007f/"
        "\xC3\xBC\\u0085\xC2\xA0\",\"money\":2.55,\"least\":-9223372036854.775808}");
    buffer_clear(&out);
}

TEST(bad_bytes_are_replaced_one_by_one) {
    struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_write_text(&writer, TEXT("Z\xFCrich \xE2\x82 \xED\xA0\x80 \xF0\x9F\x98\x80 \xC3"));
    CHECK_TEXT(buffer_text(&out),
               "\"Z\xEF\xBF\xBDrich \xEF\xBF\xBD\xEF\xBF\xBD "
               "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD \xF0\x9F\x98\x80 \xEF\xBF\xBD\"");
    buffer_clear(&out);
}

static struct text double_text(struct scope *scope, double value) {
    struct buffer out = {0};
    struct json_writer writer;
    struct text copy;

    json_writer_init(&writer, &out);
    json_write_double(&writer, value);
    copy = text_copy(&scope->arena, buffer_text(&out));
    buffer_clear(&out);
    return copy;
}

TEST(doubles_are_written_shortest_and_exact) {
    uint64_t random = 1;

    CHECK_TEXT(double_text(scope, 0.1), "0.1");
    CHECK_TEXT(double_text(scope, 0.1 + 0.2), "0.30000000000000004");
    CHECK_TEXT(double_text(scope, 100000.0), "100000");
    CHECK_TEXT(double_text(scope, 9007199254740993.0), "9007199254740992");
    CHECK_TEXT(double_text(scope, 1e-7), "1e-07");
    CHECK_TEXT(double_text(scope, -2.5), "-2.5");
    CHECK_TEXT(double_text(scope, NAN), "null");
    CHECK_TEXT(double_text(scope, -INFINITY), "null");
    for (int i = 0; i < 10000; i++) {
        double value, read = 0;

        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&value, &random, sizeof(value));
        if (!isfinite(value) || fabs(value) < 1e-300)
            continue;
        CHECK(text_to_double(double_text(scope, value), &read));
        CHECK(read == value);
    }
}

// ---- field tables ----

enum colour { RED, GREEN };

struct sample {
    int64_t id;
    int64_t big;
    struct text name;
    double share;
    const struct json *tree;
    int colour;
    int32_t small;
    bool active;
};

static const char *const colours[] = {[RED] = "red", [GREEN] = "green", NULL};

static const struct json_field sample_fields[] = {
    {"id", JSON_FIELD_ID, offsetof(struct sample, id), true, NULL, "the id"},
    {"big", JSON_FIELD_INT64, offsetof(struct sample, big), false, NULL, "a large integer"},
    {"name", JSON_FIELD_TEXT, offsetof(struct sample, name), false, NULL, "the name"},
    {"share", JSON_FIELD_DOUBLE, offsetof(struct sample, share), false, NULL, "a share"},
    {"tree", JSON_FIELD_JSON, offsetof(struct sample, tree), false, NULL, "anything"},
    {"colour", JSON_FIELD_ENUM, offsetof(struct sample, colour), false, colours, "the colour"},
    {"small", JSON_FIELD_INT32, offsetof(struct sample, small), false, NULL, "a small integer"},
    {"active", JSON_FIELD_BOOL, offsetof(struct sample, active), false, NULL,
     "whether it is active"},
};

enum { SAMPLE_FIELD_COUNT = sizeof(sample_fields) / sizeof(*sample_fields) };

static code read_sample(struct scope *scope, const char *text, struct sample *ret_sample) {
    struct json *json = NULL;

    TRY(json_parse(scope, text_of(text), &json));
    return json_read_record(scope, json, sample_fields, SAMPLE_FIELD_COUNT, ret_sample);
}

TEST(a_record_is_read_and_written_by_its_table) {
    struct sample sample = {.small = 5};
    struct buffer out = {0};
    struct json_writer writer;

    CHECK_OK(read_sample(
        scope,
        "{\"id\": \"9007199254740993\", \"share\": 1, \"colour\": \"green\", \"name\": \"n\","
        " \"tree\": [1, null], \"active\": true, \"small\": null, \"big\": -3}",
        &sample));
    CHECK_INT(sample.id, INT64_C(9007199254740993));
    CHECK_INT(sample.small, 5);
    json_writer_init(&writer, &out);
    json_write_record(&writer, sample_fields, SAMPLE_FIELD_COUNT, &sample);
    CHECK_TEXT(
        buffer_text(&out),
        "{\"id\":\"9007199254740993\",\"big\":-3,\"name\":\"n\",\"share\":1,\"tree\":[1,null],"
        "\"colour\":\"green\",\"small\":5,\"active\":true}");
    buffer_clear(&out);
}

TEST(what_was_never_set_is_written_as_null) {
    const struct sample sample = {.id = 1};
    struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_write_record(&writer, sample_fields, SAMPLE_FIELD_COUNT, &sample);
    CHECK_TEXT(buffer_text(&out), "{\"id\":\"1\",\"big\":0,\"name\":null,\"share\":0,\"tree\":null,"
                                  "\"colour\":\"red\",\"small\":0,\"active\":false}");
    buffer_clear(&out);
}

TEST(a_record_names_the_field_at_fault) {
    static const struct {
        const char *text, *field, *message;
    } cases[] = {
        {"[]", "", "an object is needed, not an array"},
        {"{}", "id", "field \"id\" is missing"},
        {"{\"id\": null}", "id", "field \"id\" must be an id: a text of digits, not null"},
        {"{\"id\": \"x1\"}", "id", "field \"id\" must be an id: a text of digits, not a text"},
        {"{\"id\": 1, \"nmae\": 2}", "nmae", "field \"nmae\" is not known"},
        {"{\"id\": 1, \"name\": 2}", "name", "field \"name\" must be a text, not an integer"},
        {"{\"id\": 1, \"big\": \"2\"}", "big", "field \"big\" must be an integer, not a text"},
        {"{\"id\": 1, \"big\": 2.5}", "big", "field \"big\" must be an integer, not a fraction"},
        {"{\"id\": 1, \"small\": 2147483648}", "small",
         "field \"small\" must be an integer of 32 bits, not an integer"},
        {"{\"id\": 1, \"active\": 1}", "active",
         "field \"active\" must be true or false, not an integer"},
        {"{\"id\": 1, \"share\": \"1\"}", "share", "field \"share\" must be a number, not a text"},
        {"{\"id\": 1, \"colour\": \"blue\"}", "colour", "field \"colour\" cannot be \"blue\""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct sample sample = {0};

        CHECK_CODE(read_sample(scope, cases[i].text, &sample), INVALID);
        CHECK_STRING(scope->failure.message, cases[i].message);
        CHECK_STRING(scope->failure.field, cases[i].field);
        scope_forgive(scope);
    }
}
