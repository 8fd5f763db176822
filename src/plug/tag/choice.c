// SPDX-License-Identifier: Apache-2.0
#include "plug/tag/choice.h"

#include "govern/consent/consent.h"
#include "plug/tag/tag.h"

#include <inttypes.h>

enum { METHOD_BYTES = 40, LANGUAGE_BYTES = 11, TCF_BYTES = 4000 };

struct said {
    const struct json *purposes;
    int64_t text_version;
    struct text method, language, tcf;
};

static code read_text(struct scope *scope, const struct json *properties, const char *name,
                      size_t most_bytes, struct text *ret_text) {
    const struct json *member = json_member(properties, name);

    if (!member)
        return OK;
    if (member->type != JSON_STRING || member->string.size > most_bytes)
        return scope_fail_field(scope, INVALID, name, "\"%s\" is a text of at most %zu bytes", name,
                                most_bytes);
    *ret_text = member->string;
    return OK;
}

static code read_said(struct scope *scope, struct text text, struct said *ret_said) {
    struct said said = {.method = TEXT(""), .language = TEXT(""), .tcf = TEXT("")};
    const struct json *version;
    struct json *properties;

    TRY(json_parse_own(scope, text.size > 0 ? text : TEXT("{}"), &properties));
    said.purposes = json_member(properties, "purposes");
    version = json_member(properties, "text_version");
    if (!said.purposes || said.purposes->type != JSON_OBJECT || said.purposes->count == 0 ||
        said.purposes->count > TAG_PURPOSES)
        return scope_fail_field(scope, INVALID, "purposes", "\"purposes\" is no object of a few");
    if (!version || version->type != JSON_INT64 || version->int64 < 1)
        return scope_fail_field(scope, INVALID, "text_version", "\"text_version\" is no version");
    said.text_version = version->int64;
    TRY(read_text(scope, properties, "method", METHOD_BYTES, &said.method));
    TRY(read_text(scope, properties, "language", LANGUAGE_BYTES, &said.language));
    TRY(read_text(scope, properties, "tcf_string", TCF_BYTES, &said.tcf));
    *ret_said = said;
    return OK;
}

// All of them are purposes of the words that were read, each with a yes or a no.
static code check_purposes(struct scope *scope, const struct tag_choice *choice,
                           const struct said *said) {
    struct tag_configuration configuration;
    struct tag_version version;
    struct json *json;

    TRY(tag_version_find(scope, choice->sender_id, said->text_version, &version));
    if (version.text_version != version.version)
        return scope_fail_field(scope, INVALID, "text_version",
                                "the words of version %" PRId64 " are those of %" PRId64,
                                version.version, version.text_version);
    TRY(json_parse_own(scope, version.configuration, &json));
    TRY(tag_configuration_read(scope, json, &configuration));
    for (const struct json *one = said->purposes->first; one; one = one->next)
        if (one->type != JSON_BOOL || !tag_configuration_has_purpose(&configuration, one->key))
            return scope_fail_field(scope, INVALID, "purposes",
                                    "version %" PRId64 " asks for no purpose \"%.*s\"",
                                    version.version, TEXT_ARG(one->key));
    return OK;
}

// What it takes to show what was read and how it was answered.
static struct text proof_of(struct scope *scope, const struct tag_choice *choice,
                            const struct said *said) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    json_key(&writer, "method");
    json_write_text(&writer, said->method);
    json_key(&writer, "language");
    json_write_text(&writer, said->language);
    json_key(&writer, "text");
    json_write_text(&writer,
                    text_printf(&scope->arena, "/api/v1/sources/%" PRId64 "/tag/versions/%" PRId64,
                                choice->sender_id, said->text_version));
    json_key(&writer, "message");
    json_write_text(&writer, choice->key);
    if (said->tcf.size > 0) {
        json_key(&writer, "tcf_string");
        json_write_text(&writer, said->tcf);
    }
    json_end_object(&writer);
    return text_copy(&scope->arena, buffer_text(&out));
}

static enum consent_state state_of(const struct said *said, const struct json *purpose) {
    if (purpose->boolean)
        return CONSENT_GRANTED;
    return text_is(said->method, "withdraw") ? CONSENT_WITHDRAWN : CONSENT_DENIED;
}

code tag_choice_put(struct scope *scope, struct change_run *run, int64_t import_id,
                    const struct tag_choice *choice) {
    struct consent_row row = {.source = choice->source,
                              .identifier_id = choice->identifier_id,
                              .origin = choice->origin,
                              .who = TEXT(""),
                              .channel = TEXT("web"),
                              .legal_basis = TEXT("consent"),
                              .at_us = choice->at_us};
    struct said said = {0};
    bool is_added;

    TRY(read_said(scope, choice->properties, &said));
    TRY(check_purposes(scope, choice, &said));
    row.text_version = text_printf(&scope->arena, "%" PRId64, said.text_version);
    row.proof = proof_of(scope, choice, &said);
    for (const struct json *one = said.purposes->first; one; one = one->next) {
        row.key =
            text_printf(&scope->arena, "%.*s/%.*s", TEXT_ARG(choice->key), TEXT_ARG(one->key));
        row.purpose = one->key;
        row.state = state_of(&said, one);
        TRY(consent_add(scope, run, import_id, &row, &is_added));
    }
    return OK;
}
