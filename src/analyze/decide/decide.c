// SPDX-License-Identifier: Apache-2.0
#include "analyze/decide/decide.h"

#include "analyze/decide/image.h"
#include "base/json.h"
#include "base/time.h"
#include "decide_sql.h"
#include "govern/access/trait.h"
#include "govern/consent/consent.h"
#include "store/ledger.h"

enum { FIRST_TRAIT = 2, TRAIT_BYTES_MOST = 4096 };

// ---- the question ----

code decide_parse(struct scope *scope, struct text id, struct text country,
                  struct decide_question *ret_question) {
    struct text rest, value;
    const struct text kind = text_split(id, ':', &rest);
    struct decide_question question = {.source = TEXT("")};
    bool is_blocked;

    if (!rest.data || !identifier_kind_parse(kind, &question.kind)) {
        scope_fail_field(scope, INVALID, "id", "an id is a kind and a value, with a colon between");
        return scope_hint(scope, "as in email:ada@example.org or customer_number:shop:1042");
    }
    if (identifier_rules(question.kind).is_of_source) {
        question.source = text_split(rest, ':', &rest);
        if (!rest.data)
            return scope_fail_field(scope, INVALID, "id",
                                    "a %.*s is of a source: its name stands before the value",
                                    TEXT_ARG(kind));
    }
    question.is_nobody =
        !identifier_normalise(&scope->arena, question.kind, rest, country, &value, &is_blocked);
    question.value = question.is_nobody ? TEXT("") : value;
    *ret_question = question;
    return OK;
}

// ---- who objects ----

static bool is_about_telling_apart(struct text purpose) {
    return text_is(purpose, "personalisation") || text_is(purpose, "personalization") ||
           text_is(purpose, "profiling");
}

code decide_objects(struct scope *scope, int64_t customer, bool *ret_objects) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool objects = false;

    TRY(consent_held(scope, customer, &rows));
    while (rows_next(rows))
        objects |=
            is_about_telling_apart(rows_text(rows, 0)) && !text_is(rows_text(rows, 2), "granted");
    TRY(rows_end(rows));
    *ret_objects = objects;
    return OK;
}

// ---- traits ----

static void write_column(struct json_writer *writer, const struct rows *rows, size_t column,
                         const char *name) {
    char day[TIME_TEXT_SIZE];

    if (rows_is_null(rows, column) ||
        (strcmp(name, "birth_on") != 0 && rows_text(rows, column).size > TRAIT_BYTES_MOST))
        return;
    if (strcmp(name, "birth_on") == 0)
        json_write_string(writer, day_format((int32_t)rows_int64(rows, column), day));
    else
        json_write_text(writer, rows_text(rows, column));
}

static void write_trait(struct buffer *out, const struct rows *rows, const struct json *attributes,
                        struct text name) {
    const struct text attribute = trait_attribute(name);
    const struct json *member;
    struct json_writer writer;

    json_writer_init(&writer, out);
    for (size_t i = 0; trait_columns[i]; i++)
        if (text_is(name, trait_columns[i]))
            write_column(&writer, rows, FIRST_TRAIT + i, trait_columns[i]);
    if (!attribute.data || !attributes)
        return;
    for (member = attributes->first; member && !text_equal(member->key, attribute);)
        member = member->next;
    if (member && member->type != JSON_NULL &&
        (member->type != JSON_STRING || member->string.size <= TRAIT_BYTES_MOST))
        json_write(&writer, member);
}

static size_t column_count(void) {
    size_t count = 0;

    while (trait_columns[count])
        count++;
    return count;
}

code decide_write_traits(struct scope *scope, const struct rows *rows, const struct text *traits,
                         size_t trait_count, struct buffer *out) {
    const size_t attributes_column = FIRST_TRAIT + column_count();
    struct json *attributes = NULL;
    bool asks_attributes = false;

    for (size_t i = 0; i < trait_count; i++)
        asks_attributes |= trait_attribute(traits[i]).data != NULL;
    if (asks_attributes && !rows_is_null(rows, attributes_column))
        TRY(json_parse_own(scope, text_copy(&scope->arena, rows_text(rows, attributes_column)),
                           &attributes));
    for (size_t i = 0; i < trait_count; i++) {
        write_trait(out, rows, attributes, traits[i]);
        buffer_add_char(out, '\0');
    }
    return OK;
}

// ---- the answer ----

static code write_segments(struct scope *scope, struct json_writer *writer, int64_t customer) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_decide_segments, BINDS(BIND_INT64(customer)), &rows));
    while (rows_next(rows))
        json_write_text(writer, rows_text(rows, 0));
    return rows_end(rows);
}

static code write_traits(struct scope *scope, struct buffer *out, int64_t customer,
                         const struct text *traits, size_t trait_count) {
    CLEANUP(buffer_clear) struct buffer values = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;
    const char *value, *joint = "";
    bool found;

    TRY(ledger_find(scope, sql_decide_profiles, BINDS(BIND_INT64(customer), BIND_INT64(customer)),
                    &rows, &found));
    if (!found || trait_count == 0)
        return OK;
    TRY(decide_write_traits(scope, rows, traits, trait_count, &values));
    value = values.data;
    for (size_t i = 0; i < trait_count; i++, value += strlen(value) + 1) {
        struct json_writer writer;

        if (*value == '\0')
            continue;
        buffer_add_string(out, joint);
        json_writer_init(&writer, out);
        json_write_text(&writer, traits[i]);
        buffer_printf(out, ":%s", value);
        joint = ",";
    }
    return OK;
}

static code find_customer(struct scope *scope, const struct decide_question *question,
                          int64_t *ret_customer) {
    bool objects;

    *ret_customer = 0;
    if (question->is_nobody)
        return OK;
    TRY(ledger_int64(
        scope, sql_decide_customer,
        BINDS(BIND_INT64(question->kind), BIND_TEXT(question->source), BIND_TEXT(question->value)),
        0, ret_customer));
    if (*ret_customer == 0)
        return OK;
    TRY(decide_objects(scope, *ret_customer, &objects));
    *ret_customer = objects ? 0 : *ret_customer;
    return OK;
}

code decide_answer(struct scope *scope, const struct decide_question *question,
                   const struct text *traits, size_t trait_count, struct buffer *out) {
    struct json_writer writer;
    int64_t customer;

    TRY(find_customer(scope, question, &customer));
    buffer_add_string(out, "{\"segments\":");
    json_writer_init(&writer, out);
    json_begin_array(&writer);
    if (customer != 0)
        TRY(write_segments(scope, &writer, customer));
    json_end_array(&writer);
    buffer_add_string(out, ",\"traits\":{");
    if (customer != 0)
        TRY(write_traits(scope, out, customer, traits, trait_count));
    buffer_add_string(out, "}}");
    return OK;
}
