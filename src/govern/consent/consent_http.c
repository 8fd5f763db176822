// SPDX-License-Identifier: Apache-2.0
// Purposes, single facts with the text that was shown, and how many addresses are suppressed. What
// names a customer or an address stands in host/customer/consent_http.c.
#include "govern/consent/consent_http.h"

#include "consent_sql.h"
#include "govern/consent/double_opt_in.h"
#include "govern/consent/purpose.h"
#include "govern/consent/suppression.h"
#include "purpose_sql.h"
#include "store/ledger.h"

#include <inttypes.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

// ---- purposes ----

#define PURPOSE_MEMBERS                                                                            \
    {.name = "name", ANSWER_TEXT, "what facts and campaigns call it by"},                          \
        {.name = "version", ANSWER_INTEGER, "of its definition"}, {                                \
        .name = "definition", ANSWER_OBJECT, "is_marketing, channels, languages"                   \
    }

const struct route_answer purpose_list_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "purposes",
                               .type = ANSWER_OBJECT,
                               .help = "in the order of their names",
                               .members = ANSWER_MEMBERS(PURPOSE_MEMBERS),
                               .is_list = true}),
};

static void write_purpose(struct response *response, const struct purpose *purpose) {
    json_key(&response->writer, "name");
    json_write_text(&response->writer, purpose->name);
    json_key(&response->writer, "version");
    json_write_int64(&response->writer, purpose->version);
    json_key(&response->writer, "definition");
    json_write(&response->writer, purpose->json);
}

code purpose_http_list(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct purpose *purposes;
    size_t count;

    (void)request;
    TRY(purpose_list(scope, &purposes, &count));
    json_begin_object(&response->writer);
    json_key(&response->writer, "purposes");
    json_begin_array(&response->writer);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&response->writer);
        write_purpose(response, &purposes[i]);
        json_end_object(&response->writer);
    }
    json_end_array(&response->writer);
    json_end_object(&response->writer);
    return OK;
}

const struct route_answer purpose_show_answer = {
    .type = ANSWER_OBJECT,
    .members =
        ANSWER_MEMBERS(PURPOSE_MEMBERS, {.name = "versions", ANSWER_TABLE, "all there were"}),
};

code purpose_http_show(struct scope *scope, const struct request *request,
                       struct response *response) {
    static const struct column columns[] = {
        {"version", "Version", COLUMN_INTEGER, NULL},
        {"at", "Since", COLUMN_INSTANT, NULL},
        {"by", "By", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct purpose purpose;

    TRY(purpose_find(scope, request_text(request, "name"), &purpose));
    TRY(ledger_query(scope, sql_purpose_versions, BINDS(BIND_TEXT(purpose.name)), &rows));
    json_begin_object(&response->writer);
    write_purpose(response, &purpose);
    TRY(response_rows(scope, response, "versions", columns, COUNT_OF(columns), rows));
    json_end_object(&response->writer);
    return OK;
}

const struct route_body purpose_save_body = {
    NULL, 0,
    "{\"is_marketing\": …, \"channels\": {\"email\": {\"basis\": \"consent\", \"double_opt_in\": "
    "true}}, \"languages\": {\"en\": {\"title\", \"explanation\", \"text\"}}}; docs/consent.md "
    "explains each.",
    false};
const struct route_answer purpose_save_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "name", ANSWER_TEXT, "the purpose"},
                              {.name = "version", ANSWER_INTEGER, "what is now in force"}),
};

code purpose_http_save(struct scope *scope, const struct request *request,
                       struct response *response) {
    const struct text name = request_text(request, "name");
    int64_t version = 0;

    if (!request->body)
        return scope_fail(scope, INVALID, "a purpose needs a definition");
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, purpose_save(scope, name, request->body, &version)));
    json_begin_object(&response->writer);
    json_key(&response->writer, "name");
    json_write_text(&response->writer, name);
    json_key(&response->writer, "version");
    json_write_int64(&response->writer, version);
    json_end_object(&response->writer);
    return OK;
}

// ---- one fact ----

#define OPTIONAL(member, words)                                                                    \
    { .name = member, .type = ANSWER_TEXT, .help = words, .is_nullable = true }
const struct route_answer consent_fact_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "id", ANSWER_ID, "of the fact"},
        {.name = "customer", ANSWER_ID, "whose it is now"},
        {.name = "purpose", ANSWER_TEXT, "for what"},
        {.name = "channel", ANSWER_TEXT, "through which channel"},
        {.name = "state", ANSWER_TEXT, "what was said"}, {.name = "at", ANSWER_INSTANT, "when"},
        {.name = "source", ANSWER_TEXT, "who told it"},
        OPTIONAL("legal_basis", "as it was recorded"),
        OPTIONAL("text_version", "the text, as NAME/VERSION"),
        OPTIONAL("locale", "language of the text"), OPTIONAL("method", "how it was said"),
        OPTIONAL("recorded_by", "who wrote it down"), OPTIONAL("proof", "what shows it"),
        OPTIONAL("title", "of the purpose, as it was shown"),
        OPTIONAL("text", "the exact text that was shown")),
};

// "newsletter/3": NOT_FOUND for the versions of other sources, which keep their texts themselves.
static code find_shown(struct scope *scope, struct text text_version, struct purpose *purpose) {
    struct text number;
    const struct text name = text_split(text_version, '/', &number);
    int64_t version;

    if (!text_to_int64(number, &version))
        return scope_fail(scope, NOT_FOUND, "the text is not one of ours");
    return purpose_find_version(scope, name, version, purpose);
}

static void write_nullable(struct response *response, const char *key, struct text value) {
    json_key(&response->writer, key);
    if (value.size > 0)
        json_write_text(&response->writer, value);
    else
        json_write_null(&response->writer);
}

static code write_shown(struct scope *scope, struct response *response, struct text text_version,
                        struct text locale) {
    struct purpose_words words = {0};
    struct purpose purpose;

    if (find_shown(scope, text_version, &purpose) == OK)
        words = purpose_words(&purpose, locale);
    else if (scope->failure.code != NOT_FOUND)
        return scope->failure.code;
    else
        scope_forgive(scope);
    write_nullable(response, "title", words.title);
    write_nullable(response, "text", words.text);
    return OK;
}

code consent_http_fact(struct scope *scope, const struct request *request,
                       struct response *response) {
    static const char *const texts[] = {"purpose", "channel", "state", "source"};
    static const char *const nullable[] = {"legal_basis", "text_version", "locale",
                                           "method",      "recorded_by",  "proof"};
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text text_version, locale;
    int64_t id;
    bool found;

    TRY(request_int64(scope, request, "id", 1, INT64_MAX, 0, &id));
    TRY(ledger_find(scope, sql_consent_fact, BINDS(BIND_INT64(id)), &rows, &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "there is no consent %" PRId64, id);
    json_begin_object(&response->writer);
    json_key(&response->writer, "id");
    response_int64(response, COLUMN_ID, id);
    json_key(&response->writer, "customer");
    response_int64(response, COLUMN_ID, rows_int64(rows, 0));
    json_key(&response->writer, "at");
    response_int64(response, COLUMN_INSTANT, rows_int64(rows, 1));
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        json_key(&response->writer, texts[i]);
        json_write_text(&response->writer, rows_text(rows, 2 + i));
    }
    for (size_t i = 0; i < COUNT_OF(nullable); i++)
        write_nullable(response, nullable[i], rows_text(rows, 2 + COUNT_OF(texts) + i));
    text_version = text_copy(&scope->arena, rows_text(rows, 7));
    locale = text_copy(&scope->arena, rows_text(rows, 8));
    rows_close(&rows);
    TRY(write_shown(scope, response, text_version, locale));
    json_end_object(&response->writer);
    return OK;
}

// ---- suppressed addresses ----

code suppression_http_counts(struct scope *scope, const struct request *request,
                             struct response *response) {
    static const struct column columns[] = {
        {"channel", "Channel", COLUMN_TEXT, NULL},
        {"reason", "Reason", COLUMN_TEXT, NULL},
        {"addresses", "Addresses", COLUMN_INTEGER, NULL},
        {"newest", "Newest", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    (void)request;
    TRY(suppression_counts(scope, &rows));
    return response_rows(scope, response, NULL, columns, COUNT_OF(columns), rows);
}

// ---- messages that ask to confirm ----

code confirmation_http_counts(struct scope *scope, const struct request *request,
                              struct response *response) {
    static const struct column columns[] = {
        {"channel", "Channel", COLUMN_TEXT, NULL},  {"state", "State", COLUMN_TEXT, NULL},
        {"detail", "Why", COLUMN_TEXT, NULL},       {"messages", "Messages", COLUMN_INTEGER, NULL},
        {"oldest", "Oldest", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    (void)request;
    TRY(confirmation_counts(scope, &rows));
    return response_rows(scope, response, NULL, columns, COUNT_OF(columns), rows);
}
