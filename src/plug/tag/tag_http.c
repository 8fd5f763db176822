// SPDX-License-Identifier: Apache-2.0
#include "plug/tag/tag_http.h"

#include "base/config.h"
#include "plug/tag/tag.h"
#include "store/ledger.h"
#include "store/store.h"
#include "tag_sql.h"

#include <inttypes.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

enum { LISTED_VERSIONS = 200 };

// ---- parts of answers ----

static code write_configuration(struct scope *scope, struct json_writer *writer, const char *key,
                                struct text configuration) {
    struct json *json;

    TRY(json_parse_own(scope, configuration, &json));
    json_key(writer, key);
    json_write(writer, json);
    return OK;
}

static void write_text(struct json_writer *writer, const char *key, struct text value) {
    json_key(writer, key);
    json_write_text(writer, value);
}

static void write_number(struct json_writer *writer, const char *key, int64_t value) {
    json_key(writer, key);
    json_write_int64(writer, value);
}

// What goes into the pages. The write key is known to who made the source only.
static struct text snippet(struct scope *scope) {
    const struct config *config = store_config(session_store(scope));
    const struct text base = config_base_url(&scope->arena, config);

    return text_printf(&scope->arena,
                       "<script>\n"
                       "  window.tessera = window.tessera || [];\n"
                       "  for (const name of [\"page\", \"track\", \"identify\", \"group\", "
                       "\"alias\", \"reset\", \"consent\"])\n"
                       "    tessera[name] = (...words) => tessera.push([name, ...words]);\n"
                       "</script>\n"
                       "<script async src=\"%.*s/t.js\" data-write-key=\"WRITE_KEY\"></script>",
                       TEXT_ARG(base));
}

// ---- lists ----

code tag_http_list(struct scope *scope, const struct request *request, struct response *response) {
    static const struct column columns[] = {
        {"source", "Source", COLUMN_TEXT, NULL},
        {"version", "Version", COLUMN_INTEGER, NULL},
        {"published_at", "Published", COLUMN_INSTANT, NULL},
        {"published_by", "By", COLUMN_TEXT, NULL},
        {"is_changed", "Changed since", COLUMN_BOOL, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    (void)request;
    TRY(ledger_query(scope, sql_tag_list, NO_BINDS, &rows));
    return response_rows(scope, response, NULL, columns, COUNT_OF(columns), rows);
}

static code write_versions(struct scope *scope, struct response *response, int64_t sender_id) {
    static const struct column columns[] = {
        {"version", "Version", COLUMN_INTEGER, NULL},
        {"text_version", "Words of version", COLUMN_INTEGER, NULL},
        {"published_at", "Published", COLUMN_INSTANT, NULL},
        {"published_by", "By", COLUMN_TEXT, NULL},
        {"restored_version", "The same as", COLUMN_INTEGER, NULL},
        {"note", "Note", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_tag_version_list,
                     BINDS(BIND_INT64(sender_id), BIND_INT64(LISTED_VERSIONS)), &rows));
    return response_rows(scope, response, "versions", columns, COUNT_OF(columns), rows);
}

const struct route_answer tag_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "source", ANSWER_TEXT, "the web site"},
        {.name = "version", ANSWER_INTEGER, "what is in force; 0: nothing was published"},
        {.name = "is_changed", ANSWER_BOOL, "is the draft something else?"},
        {.name = "draft", ANSWER_OBJECT, "the configuration being written"},
        {.name = "snippet", ANSWER_TEXT, "what goes into the head of every page"},
        {.name = "versions", ANSWER_TABLE, "what was published, newest first"}),
};

code tag_http_show(struct scope *scope, const struct request *request, struct response *response) {
    struct json_writer *writer = &response->writer;
    struct tag_version last;
    struct sender sender;
    struct text draft;

    TRY(tag_find_sender(scope, request_text(request, "id"), &sender));
    TRY(tag_draft(scope, sender.id, &draft));
    TRY(tag_version_find(scope, sender.id, 0, &last));
    json_begin_object(writer);
    write_text(writer, "source", sender.name);
    write_number(writer, "version", last.version);
    json_key(writer, "is_changed");
    json_write_bool(writer, !text_equal(draft, last.configuration));
    TRY(write_configuration(scope, writer, "draft", draft));
    write_text(writer, "snippet", snippet(scope));
    TRY(write_versions(scope, response, sender.id));
    json_end_object(writer);
    return OK;
}

// ---- changes ----

struct tag_request {
    const struct json *configuration;
    struct text note;
    int64_t version;
};

static const struct json_field save_fields[] = {
    {"configuration", JSON_FIELD_JSON, offsetof(struct tag_request, configuration), true, NULL,
     "what the tag shall do and ask"},
};
const struct route_body tag_save_body = {
    save_fields, COUNT_OF(save_fields),
    "A configuration has mode, choice, purposes, measure, keep_days, remember_refusal, page_views, "
    "data_layer, policy_url, languages and rules; docs/tag.md explains each.",
    false};
const struct route_answer tag_save_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "saved", ANSWER_TEXT, "the web site"}),
};

code tag_http_save(struct scope *scope, const struct request *request, struct response *response) {
    struct tag_request wanted = {0};
    struct sender sender;

    TRY(json_read_record(scope, request->body, save_fields, COUNT_OF(save_fields), &wanted));
    TRY(tag_find_sender(scope, request_text(request, "id"), &sender));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, tag_save_draft(scope, &sender, wanted.configuration)));
    json_begin_object(&response->writer);
    write_text(&response->writer, "saved", sender.name);
    json_end_object(&response->writer);
    return OK;
}

static const struct json_field publish_fields[] = {
    {"note", JSON_FIELD_TEXT, offsetof(struct tag_request, note), false, NULL, "what is new"},
};
const struct route_body tag_publish_body = {publish_fields, COUNT_OF(publish_fields), NULL, true};
static const struct json_field restore_fields[] = {
    {"version", JSON_FIELD_INT64, offsetof(struct tag_request, version), true, NULL,
     "which one shall be in force again"},
};
const struct route_body tag_restore_body = {restore_fields, COUNT_OF(restore_fields), NULL, false};
const struct route_answer tag_publish_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "source", ANSWER_TEXT, "the web site"},
                              {.name = "version", ANSWER_INTEGER, "what is now in force"}),
};

static code write_published(struct response *response, const struct sender *sender,
                            int64_t version) {
    json_begin_object(&response->writer);
    write_text(&response->writer, "source", sender->name);
    write_number(&response->writer, "version", version);
    json_end_object(&response->writer);
    return OK;
}

code tag_http_publish(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct tag_request wanted = {.note = TEXT("")};
    struct sender sender;
    int64_t version = 0;

    if (request->body)
        TRY(json_read_record(scope, request->body, publish_fields, COUNT_OF(publish_fields),
                             &wanted));
    TRY(tag_find_sender(scope, request_text(request, "id"), &sender));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, tag_publish(scope, &sender, wanted.note, &version)));
    return write_published(response, &sender, version);
}

code tag_http_restore(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct tag_request wanted = {0};
    struct sender sender;
    int64_t version = 0;

    TRY(json_read_record(scope, request->body, restore_fields, COUNT_OF(restore_fields), &wanted));
    TRY(tag_find_sender(scope, request_text(request, "id"), &sender));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, tag_restore(scope, &sender, wanted.version, &version)));
    return write_published(response, &sender, version);
}

// ---- versions ----

const struct route_answer tag_version_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "source", ANSWER_TEXT, "the web site"},
        {.name = "version", ANSWER_INTEGER, "its number"},
        {.name = "text_version", ANSWER_INTEGER, "the number by which consents name its words"},
        {.name = "configuration", ANSWER_OBJECT, "as it was published"}),
};

code tag_http_version(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct json_writer *writer = &response->writer;
    struct tag_version version;
    struct sender sender;
    int64_t number;

    TRY(request_int64(scope, request, "version", 1, INT64_MAX, 0, &number));
    TRY(tag_find_sender(scope, request_text(request, "id"), &sender));
    TRY(tag_version_find(scope, sender.id, number, &version));
    json_begin_object(writer);
    write_text(writer, "source", sender.name);
    write_number(writer, "version", version.version);
    write_number(writer, "text_version", version.text_version);
    TRY(write_configuration(scope, writer, "configuration", version.configuration));
    json_end_object(writer);
    return OK;
}

// ---- what pages ask for ----

const struct route_answer tag_served_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "version", ANSWER_INTEGER, "what is in force"},
        {.name = "text_version", ANSWER_INTEGER, "the number by which consents name its words"},
        {.name = "configuration", ANSWER_OBJECT, "what the tag does and asks"}),
};

static struct text without_ending(struct text name) {
    const struct text ending = TEXT(".json");

    if (name.size > ending.size &&
        memcmp(name.data + name.size - ending.size, ending.data, ending.size) == 0)
        name.size -= ending.size;
    return name;
}

// Told to every site, and the same to every visitor: nobody is recognised by it.
static code open_to_all(struct scope *scope, struct response *response) {
    TRY(response_header(scope, response, "Access-Control-Allow-Origin", TEXT("*")));
    return response_header(scope, response, "Cross-Origin-Resource-Policy", TEXT("cross-origin"));
}

code tag_http_served(struct scope *scope, const struct request *request,
                     struct response *response) {
    struct json_writer *writer = &response->writer;
    struct tag_version version;
    int64_t sender_id = 0;
    struct text etag;

    TRY(open_to_all(scope, response));
    TRY(tag_published(scope, without_ending(request_text(request, "file")), &version, &sender_id));
    if (version.version == 0)
        return scope_fail(scope, NOT_FOUND, "nothing is published for this write key");
    etag = text_printf(&scope->arena, "\"%" PRIx64 "-%" PRId64 "\"", sender_id, version.version);
    TRY(response_header(scope, response, "ETag", etag));
    TRY(response_header(scope, response, "Cache-Control", TEXT("public, max-age=60")));
    if (request->client && text_equal(request->client->if_none_match, etag)) {
        response->status = 304;
        return OK;
    }
    json_begin_object(writer);
    write_number(writer, "version", version.version);
    write_number(writer, "text_version", version.text_version);
    TRY(write_configuration(scope, writer, "configuration", version.configuration));
    json_end_object(writer);
    return OK;
}
