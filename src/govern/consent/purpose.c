// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/purpose.h"

#include "govern/audit/audit.h"
#include "purpose_sql.h"
#include "store/ledger.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

enum { NAME_BYTES = 40, TITLE_BYTES = 200, WORDS_BYTES = 4000, LANGUAGE_BYTES = 11, MOST = 200 };

const char *const legal_basis_names[] = {"",
                                         "consent",
                                         "contract",
                                         "legal_obligation",
                                         "vital_interests",
                                         "public_task",
                                         "legitimate_interests",
                                         NULL};

// ---- the shape of a definition ----

struct definition {
    bool is_marketing;
    const struct json *channels, *languages;
};
static const struct json_field definition_fields[] = {
    {"is_marketing", JSON_FIELD_BOOL, offsetof(struct definition, is_marketing), true, NULL, NULL},
    {"channels", JSON_FIELD_JSON, offsetof(struct definition, channels), true, NULL, NULL},
    {"languages", JSON_FIELD_JSON, offsetof(struct definition, languages), true, NULL, NULL},
};

struct use {
    int basis;
    bool double_opt_in;
};
static const struct json_field use_fields[] = {
    {"basis", JSON_FIELD_ENUM, offsetof(struct use, basis), true, legal_basis_names, NULL},
    {"double_opt_in", JSON_FIELD_BOOL, offsetof(struct use, double_opt_in), false, NULL, NULL},
};

static const struct json_field words_fields[] = {
    {"title", JSON_FIELD_TEXT, offsetof(struct purpose_words, title), true, NULL, NULL},
    {"explanation", JSON_FIELD_TEXT, offsetof(struct purpose_words, explanation), true, NULL, NULL},
    {"text", JSON_FIELD_TEXT, offsetof(struct purpose_words, text), true, NULL, NULL},
};

static code check_name(struct scope *scope, struct text name) {
    bool is_sound = name.size > 0 && name.size <= NAME_BYTES && islower((unsigned char)*name.data);

    for (size_t i = 0; i < name.size; i++) {
        const unsigned char byte = (unsigned char)name.data[i];

        is_sound &= islower(byte) || isdigit(byte) || byte == '_';
    }
    if (!is_sound)
        return scope_fail_field(scope, INVALID, "name",
                                "a purpose is named by up to %d of a-z, 0-9 and _, not \"%.*s\"",
                                NAME_BYTES, TEXT_ARG(name));
    if (text_is(name, CONSENT_ALL) || text_is(name, CONSENT_RESTRICTION))
        return scope_fail_field(scope, INVALID, "name", "\"%.*s\" means something else already",
                                TEXT_ARG(name));
    return OK;
}

static code check_channels(struct scope *scope, const struct json *channels) {
    if (channels->type != JSON_OBJECT || channels->count == 0)
        return scope_fail_field(scope, INVALID, "channels",
                                "\"channels\" names at least one channel with its legal basis");
    for (const struct json *one = channels->first; one; one = one->next) {
        const struct consent_channel *channel = consent_channel_find(one->key);
        struct use use = {0};

        if (!channel || !text_is(one->key, channel->name)) {
            scope_fail_field(scope, INVALID, "channels", "there is no channel \"%.*s\"",
                             TEXT_ARG(one->key));
            return scope_hint(scope, "email, sms, letter, phone, push, web, ads, webhook");
        }
        TRY(json_read_record(scope, one, use_fields, COUNT_OF(use_fields), &use));
        if (use.basis == BASIS_NONE)
            return scope_fail_field(scope, INVALID, "basis", "\"%.*s\" has no legal basis",
                                    TEXT_ARG(one->key));
        if (use.double_opt_in && use.basis != BASIS_CONSENT)
            return scope_fail_field(scope, INVALID, "double_opt_in",
                                    "\"%.*s\" needs no consent, so there is none to confirm",
                                    TEXT_ARG(one->key));
        if (use.double_opt_in && channel->contact != CONTACT_EMAIL &&
            channel->contact != CONTACT_PHONE)
            return scope_fail_field(scope, INVALID, "double_opt_in",
                                    "\"%.*s\" has no address that a link can be sent to",
                                    TEXT_ARG(one->key));
    }
    return OK;
}

static bool is_language(struct text name) {
    bool is_sound = name.size >= 2 && name.size <= LANGUAGE_BYTES;

    for (size_t i = 0; i < name.size; i++)
        is_sound &= isalnum((unsigned char)name.data[i]) || name.data[i] == '-';
    return is_sound;
}

static code check_text(struct scope *scope, const char *field, struct text text, size_t most) {
    if (text_trim(text).size > 0 && text.size <= most)
        return OK;
    return scope_fail_field(scope, INVALID, field, "\"%s\" has %zu bytes; it has 1 to %zu", field,
                            text.size, most);
}

static code check_languages(struct scope *scope, const struct json *languages) {
    if (languages->type != JSON_OBJECT || languages->count == 0)
        return scope_fail_field(scope, INVALID, "languages",
                                "\"languages\" holds the words of at least one language");
    for (const struct json *one = languages->first; one; one = one->next) {
        struct purpose_words words = {0};

        if (!is_language(one->key))
            return scope_fail_field(scope, INVALID, "languages", "\"%.*s\" names no language",
                                    TEXT_ARG(one->key));
        TRY(json_read_record(scope, one, words_fields, COUNT_OF(words_fields), &words));
        TRY(check_text(scope, "title", words.title, TITLE_BYTES));
        TRY(check_text(scope, "explanation", words.explanation, WORDS_BYTES));
        TRY(check_text(scope, "text", words.text, WORDS_BYTES));
    }
    return OK;
}

static code read_definition(struct scope *scope, const struct json *json,
                            struct definition *ret_definition) {
    TRY(json_read_record(scope, json, definition_fields, COUNT_OF(definition_fields),
                         ret_definition));
    TRY(check_channels(scope, ret_definition->channels));
    return check_languages(scope, ret_definition->languages);
}

// ---- finding ----

static code read_row(struct scope *scope, const struct rows *rows, struct text name,
                     struct purpose *ret_purpose) {
    struct purpose purpose = {.name = text_copy(&scope->arena, name),
                              .version = rows_int64(rows, 0),
                              .definition = text_copy(&scope->arena, rows_text(rows, 1))};
    const struct json *is_marketing;
    struct json *json;

    TRY(json_parse_own(scope, purpose.definition, &json));
    is_marketing = json_member(json, "is_marketing");
    purpose.json = json;
    purpose.is_marketing = !is_marketing || is_marketing->boolean;
    *ret_purpose = purpose;
    return OK;
}

code purpose_find(struct scope *scope, struct text name, struct purpose *ret_purpose) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_purpose_find, BINDS(BIND_TEXT(name)), &rows, &found));
    if (found)
        return read_row(scope, rows, name, ret_purpose);
    scope_fail_field(scope, NOT_FOUND, "purpose", "there is no purpose \"%.*s\"", TEXT_ARG(name));
    return scope_hint(scope, "`tessera consent purposes` shows those there are");
}

code purpose_find_version(struct scope *scope, struct text name, int64_t version,
                          struct purpose *ret_purpose) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_purpose_find_version, BINDS(BIND_TEXT(name), BIND_INT64(version)),
                    &rows, &found));
    if (!found)
        return scope_fail_field(scope, NOT_FOUND, "version",
                                "purpose \"%.*s\" has no version %" PRId64, TEXT_ARG(name),
                                version);
    return read_row(scope, rows, name, ret_purpose);
}

code purpose_list(struct scope *scope, struct purpose **ret_purposes, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct purpose *purposes = arena_array(&scope->arena, MOST, sizeof(*purposes));
    struct text *names = arena_array(&scope->arena, MOST, sizeof(*names));
    size_t count = 0;

    TRY(ledger_query(scope, sql_purpose_names, NO_BINDS, &rows));
    while (count < MOST && rows_next(rows))
        names[count++] = text_copy(&scope->arena, rows_text(rows, 0));
    rows_close(&rows);
    for (size_t i = 0; i < count; i++)
        TRY(purpose_find(scope, names[i], &purposes[i]));
    *ret_purposes = purposes;
    *ret_count = count;
    return OK;
}

// ---- saving ----

static code count_names(struct scope *scope, struct text name) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t count = 0;

    TRY(ledger_query(scope, sql_purpose_names, NO_BINDS, &rows));
    while (rows_next(rows))
        count += !text_equal(rows_text(rows, 0), name);
    TRY(rows_end(rows));
    return count < MOST ? OK
                        : scope_fail(scope, TOO_LARGE, "there are %d purposes already", (int)MOST);
}

static code put(struct scope *scope, struct text name, int64_t version, struct text definition) {
    TRY(ledger_exec(scope, sql_purpose_put_version,
                    BINDS(BIND_TEXT(name), BIND_INT64(version), BIND_TEXT(definition),
                          BIND_INT64(scope->now_us), BIND_STRING(scope->actor.name))));
    TRY(ledger_exec(scope, sql_purpose_put,
                    BINDS(BIND_TEXT(name), BIND_INT64(version), BIND_INT64(scope->now_us))));
    return AUDIT(scope, "consent.purpose",
                 text_printf(&scope->arena, "purpose %.*s", TEXT_ARG(name)),
                 {"version", text_printf(&scope->arena, "%" PRId64, version)});
}

static struct text written(struct scope *scope, const struct json *json) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_write(&writer, json);
    return text_copy(&scope->arena, buffer_text(&out));
}

code purpose_save(struct scope *scope, struct text name, const struct json *definition,
                  int64_t *ret_version) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct definition checked = {0};
    int64_t version = 0;
    struct text text;
    bool found;

    TRY(check_name(scope, name));
    TRY(read_definition(scope, definition, &checked));
    TRY(count_names(scope, name));
    text = written(scope, definition);
    TRY(ledger_find(scope, sql_purpose_find, BINDS(BIND_TEXT(name)), &rows, &found));
    if (found) {
        version = rows_int64(rows, 0);
        if (text_equal(rows_text(rows, 1), text)) {
            *ret_version = version;
            return OK;
        }
    }
    rows_close(&rows);
    TRY(put(scope, name, version + 1, text));
    *ret_version = version + 1;
    return OK;
}

// ---- reading one ----

struct purpose_channel purpose_channel(const struct purpose *purpose,
                                       const struct consent_channel *channel) {
    const struct json *use = json_member(json_member(purpose->json, "channels"), channel->name);
    const struct json *basis = use ? json_member(use, "basis") : NULL;
    const struct json *twice = use ? json_member(use, "double_opt_in") : NULL;
    struct purpose_channel found = {BASIS_NONE, twice && twice->boolean};

    for (int i = 1; basis && legal_basis_names[i]; i++)
        if (text_is(basis->string, legal_basis_names[i]))
            found.basis = (enum legal_basis)i;
    return found;
}

static struct purpose_words words_of(const struct json *json) {
    return (struct purpose_words){.language = json->key,
                                  .title = json_member(json, "title")->string,
                                  .explanation = json_member(json, "explanation")->string,
                                  .text = json_member(json, "text")->string};
}

struct purpose_words purpose_words(const struct purpose *purpose, struct text language) {
    const struct json *languages = json_member(purpose->json, "languages");
    const struct json *best = languages->first;
    int best_rank = 0;
    struct text rest;

    for (const struct json *one = languages->first; one; one = one->next) {
        const int rank = text_equal_ascii_case(one->key, language)                           ? 3
                         : text_equal_ascii_case(one->key, text_split(language, '-', &rest)) ? 2
                         : text_is(one->key, "en")                                           ? 1
                                                                                             : 0;
        if (rank > best_rank) {
            best = one;
            best_rank = rank;
        }
    }
    assert(best); // none is kept without the words of one language
    return words_of(best);
}

struct text purpose_text_version(struct scope *scope, const struct purpose *purpose) {
    return text_printf(&scope->arena, "%.*s/%" PRId64, TEXT_ARG(purpose->name), purpose->version);
}
