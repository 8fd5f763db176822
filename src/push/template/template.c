// SPDX-License-Identifier: Apache-2.0
#include "push/template/template.h"

#include "base/name.h"
#include "govern/audit/audit.h"
#include "push/template/content.h"
#include "store/ledger.h"
#include "store/store.h"
#include "template_sql.h"

#include <inttypes.h>

const char *const template_kind_names[] = {
    [TEMPLATE_EMAIL] = "email",   [TEMPLATE_TEXT] = "text",       [TEMPLATE_LETTER] = "letter",
    [TEMPLATE_ONSITE] = "onsite", [TEMPLATE_WEBHOOK] = "webhook", [TEMPLATE_KIND_COUNT] = NULL,
};

bool template_kind_parse(struct text name, enum template_kind *ret_kind) {
    for (int kind = 0; kind < TEMPLATE_KIND_COUNT; kind++)
        if (text_is(name, template_kind_names[kind])) {
            *ret_kind = (enum template_kind)kind;
            return true;
        }
    return false;
}

// ---- content as JSON ----

static const struct json_field variant_fields[] = {
    {"language", JSON_FIELD_TEXT, offsetof(struct template_content, language), false, NULL,
     "of customers whose language begins so"},
    {"segment", JSON_FIELD_TEXT, offsetof(struct template_content, segment), false, NULL,
     "name of the segment whose members get it"},
    {"subject", JSON_FIELD_TEXT, offsetof(struct template_content, subject), false, NULL,
     "in Liquid; empty: the template's"},
    {"html", JSON_FIELD_TEXT, offsetof(struct template_content, html), false, NULL,
     "in Liquid; empty: the template's"},
    {"text", JSON_FIELD_TEXT, offsetof(struct template_content, text), false, NULL,
     "in Liquid; empty: the template's"},
};
enum { VARIANT_FIELDS = sizeof(variant_fields) / sizeof(*variant_fields) };

static struct text some(struct text text) {
    return text.data ? text : TEXT("");
}

void template_variants_write(struct json_writer *writer, const struct template_version *version) {
    json_begin_array(writer);
    for (size_t i = 0; i < version->variant_count; i++) {
        const struct template_content *variant = &version->variants[i];
        const struct template_content shown = {some(variant->language), some(variant->segment),
                                               some(variant->subject), some(variant->html),
                                               some(variant->text)};

        json_begin_object(writer);
        json_write_record(writer, variant_fields, VARIANT_FIELDS, &shown);
        json_end_object(writer);
    }
    json_end_array(writer);
}

code template_variants_read(struct scope *scope, const struct json *json,
                            struct template_version *version) {
    if (!json || json->type == JSON_NULL)
        return OK;
    if (json->type != JSON_ARRAY || json->count > TEMPLATE_MOST_VARIANTS)
        return scope_fail_field(scope, INVALID, "variants",
                                "variants are a list of at most %d objects",
                                TEMPLATE_MOST_VARIANTS);
    version->variants = arena_array(&scope->arena, json->count + 1, sizeof(*version->variants));
    version->variant_count = 0;
    for (const struct json *item = json->first; item; item = item->next)
        TRY(json_read_record(scope, item, variant_fields, VARIANT_FIELDS,
                             &version->variants[version->variant_count++]));
    return OK;
}

static struct text content_text(struct scope *scope, const struct template_version *version) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    json_key(&writer, "subject");
    json_write_text(&writer, some(version->content.subject));
    json_key(&writer, "html");
    json_write_text(&writer, some(version->content.html));
    json_key(&writer, "text");
    json_write_text(&writer, some(version->content.text));
    json_key(&writer, "variants");
    template_variants_write(&writer, version);
    json_end_object(&writer);
    return text_copy(&scope->arena, buffer_text(&out));
}

static code read_content(struct scope *scope, struct text text, struct template_version *version) {
    struct json *json;

    TRY(json_parse_own(scope, text_copy(&scope->arena, text), &json));
    version->content.subject = json_member(json, "subject")->string;
    version->content.html = json_member(json, "html")->string;
    version->content.text = json_member(json, "text")->string;
    return template_variants_read(scope, json_member(json, "variants"), version);
}

// ---- finding ----

static code version_from_row(struct scope *scope, const struct rows *rows,
                             struct template_version *ret_version) {
    struct arena *arena = &scope->arena;
    struct template_version version = {
        .id = rows_int64(rows, 0),
        .template_id = rows_int64(rows, 1),
        .name = text_copy(arena, rows_text(rows, 2)),
        .kind = (enum template_kind)rows_int64(rows, 3),
        .number = rows_int64(rows, 4),
        .description = text_copy(arena, rows_text(rows, 5)),
        .actor = text_copy(arena, rows_text(rows, 7)),
        .saved_at_us = rows_int64(rows, 8),
    };

    TRY(read_content(scope, rows_text(rows, 6), &version));
    *ret_version = version;
    return OK;
}

static code find(struct scope *scope, struct text name_or_id, bool *ret_found, int64_t *ret_id,
                 enum template_kind *ret_kind, int64_t *ret_newest) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t id = 0;

    text_to_int64(name_or_id, &id);
    TRY(ledger_find(scope, sql_template_find, BINDS(BIND_TEXT(name_or_id), BIND_INT64(id)), &rows,
                    ret_found));
    if (*ret_found) {
        *ret_id = rows_int64(rows, 0);
        *ret_kind = (enum template_kind)rows_int64(rows, 2);
        *ret_newest = rows_int64(rows, 3);
    }
    return OK;
}

code template_find(struct scope *scope, struct text name_or_id, int64_t number,
                   struct template_version *ret_version) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    enum template_kind kind;
    int64_t id, newest;
    bool found;

    TRY(find(scope, name_or_id, &found, &id, &kind, &newest));
    if (!found) {
        scope_fail(scope, NOT_FOUND, "there is no template \"%.*s\"", TEXT_ARG(name_or_id));
        return scope_hint(scope, "see them with: tessera template list");
    }
    TRY(ledger_find(scope, sql_template_version_find,
                    BINDS(BIND_INT64(id), BIND_INT64(number > 0 ? number : newest)), &rows,
                    &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "the template \"%.*s\" has no version %" PRId64,
                          TEXT_ARG(name_or_id), number);
    return version_from_row(scope, rows, ret_version);
}

code template_find_version(struct scope *scope, int64_t version_id,
                           struct template_version *ret_version) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_template_version_by_id, BINDS(BIND_INT64(version_id)), &rows,
                    &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "there is no version %" PRId64 " of a template",
                          version_id);
    return version_from_row(scope, rows, ret_version);
}

// ---- saving ----

code template_check(struct scope *scope, const struct template_version *version,
                    struct liquid_fault *ret_fault) {
    const struct template_program *program;

    if (version->content.subject.size > TEMPLATE_MOST_SUBJECT_BYTES)
        return scope_fail_field(scope, TOO_LARGE, "subject",
                                "a subject of %zu bytes is past the limit of %d",
                                version->content.subject.size, TEMPLATE_MOST_SUBJECT_BYTES);
    if (version->content.html.size == 0 && version->content.text.size == 0)
        return scope_fail_field(scope, INVALID, "text", "the template says nothing");
    return template_compile(scope, version, ret_fault, &program);
}

static code add_version(struct scope *scope, const struct template_version *version,
                        int64_t template_id, int64_t number, struct text content, int64_t *ret_id) {
    const int64_t id = store_new_id(scope);

    TRY(ledger_exec(scope, sql_template_version_add,
                    BINDS(BIND_INT64(id), BIND_INT64(template_id), BIND_INT64(number),
                          BIND_TEXT(some(version->description)), BIND_TEXT(content),
                          BIND_STRING(scope->actor.name), BIND_INT64(scope->now_us))));
    TRY(ledger_exec(scope, sql_template_set_newest,
                    BINDS(BIND_INT64(template_id), BIND_INT64(number))));
    *ret_id = id;
    return audit_append(scope, "template.save",
                        text_printf(&scope->arena, "template %.*s", TEXT_ARG(version->name)),
                        text_printf(&scope->arena, "{\"version\":%" PRId64 "}", number));
}

code template_save(struct scope *scope, const struct template_version *version, int64_t *ret_id,
                   int64_t *ret_number) {
    const struct text content = content_text(scope, version);
    struct template_version newest_version;
    enum template_kind kind;
    int64_t id, newest = 0;
    bool found;

    TRY(name_check(scope, version->name));
    TRY(template_check(scope, version, NULL));
    TRY(find(scope, version->name, &found, &id, &kind, &newest));
    if (found && kind != version->kind)
        return scope_fail_field(scope, CONFLICT, "kind",
                                "the template \"%.*s\" is one of kind %s and stays one",
                                TEXT_ARG(version->name), template_kind_names[kind]);
    if (found) {
        TRY(template_find(scope, version->name, newest, &newest_version));
        if (text_equal(content_text(scope, &newest_version), content) &&
            text_equal(newest_version.description, some(version->description))) {
            *ret_id = newest_version.id;
            *ret_number = newest;
            return OK;
        }
    } else {
        id = store_new_id(scope);
        TRY(ledger_exec(
            scope, sql_template_add,
            BINDS(BIND_INT64(id), BIND_TEXT(version->name), BIND_INT64(version->kind))));
    }
    *ret_number = newest + 1;
    return add_version(scope, version, id, newest + 1, content, ret_id);
}
