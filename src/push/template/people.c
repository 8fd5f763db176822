// SPDX-License-Identifier: Apache-2.0
#include "push/template/people.h"

#include "base/money.h"
#include "person_values_sql.h"
#include "push/template/program.h"
#include "store/ledger.h"

#include <inttypes.h>

enum { AT_ONCE = 16 }; // customers of a statement

void template_name_members(struct liquid_member *members,
                           const struct liquid_declaration *declarations) {
    for (size_t i = 0; declarations[i].name; i++)
        members[i] = (struct liquid_member){.name = text_of(declarations[i].name)};
}

// A batch being read: at most AT_ONCE persons.
struct batch {
    struct template_person *persons;
    size_t count;
    struct bind binds[AT_ONCE];
    struct arena *arena;
};

// Rows come in the order of the customers, mostly: the person of the row before is tried first.
static struct template_person *person_of(const struct batch *batch, int64_t customer) {
    for (size_t i = 0; i < batch->count; i++)
        if (batch->persons[i].id == customer)
            return &batch->persons[i];
    return NULL;
}

static struct liquid_value text_value(const struct batch *batch, const struct rows *rows,
                                      size_t column) {
    return liquid_text_or_nil(text_copy(batch->arena, rows_text(rows, column)));
}

static code ask(struct scope *scope, const struct batch *batch, const char *sql,
                struct rows **ret_rows) {
    return ledger_query(scope, sql, (struct binds){.values = batch->binds, .count = AT_ONCE},
                        ret_rows);
}

static code read_profiles(struct scope *scope, struct batch *batch) {
    static const struct {
        size_t column;
        int member;
    } texts[] = {
        {1, CUSTOMER_NAME},    {2, CUSTOMER_GIVEN_NAME},  {3, CUSTOMER_FAMILY_NAME},
        {4, CUSTOMER_COMPANY}, {6, CUSTOMER_GENDER},      {7, CUSTOMER_LANGUAGE},
        {8, CUSTOMER_STREET},  {9, CUSTOMER_POSTAL_CODE}, {10, CUSTOMER_CITY},
        {11, CUSTOMER_REGION}, {12, CUSTOMER_COUNTRY},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ask(scope, batch, sql_people_profile, &rows));
    while (rows_next(rows)) {
        struct template_person *person = person_of(batch, rows_int64(rows, 0));
        struct json *attributes;

        person->is_found = true;
        for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
            person->customer[texts[i].member].value = text_value(batch, rows, texts[i].column);
        if (!rows_is_null(rows, 5))
            person->customer[CUSTOMER_BIRTH_DAY].value = liquid_day((int32_t)rows_int64(rows, 5));
        person->customer[CUSTOMER_SINCE].value = liquid_instant(rows_int64(rows, 13));
        person->customer[CUSTOMER_ATTRIBUTES].value = liquid_object(NULL, 0);
        if (rows_text(rows, 14).size > 0) {
            TRY(json_parse_own(scope, text_copy(batch->arena, rows_text(rows, 14)), &attributes));
            person->customer[CUSTOMER_ATTRIBUTES].value =
                liquid_from_json(batch->arena, attributes);
        }
    }
    return rows_end(rows);
}

static code read_totals(struct scope *scope, struct batch *batch) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    for (size_t i = 0; i < batch->count; i++)
        batch->persons[i].customer[CUSTOMER_PURCHASES].value = liquid_integer(0);
    TRY(ask(scope, batch, sql_people_totals, &rows));
    while (rows_next(rows)) {
        struct template_person *person = person_of(batch, rows_int64(rows, 0));

        // Of several currencies the first is the one used most.
        person->customer[CUSTOMER_PURCHASES].value.integer += rows_int64(rows, 2);
        if (person->customer[CUSTOMER_SPENT].value.type == LIQUID_NIL)
            person->customer[CUSTOMER_SPENT].value =
                liquid_money(rows_int64(rows, 3), rows_text(rows, 1));
    }
    return rows_end(rows);
}

// A product's line on a receipt: the row's columns from 5 on.
static code read_line(struct scope *scope, struct batch *batch, const struct rows *rows,
                      struct template_person *person) {
    struct liquid_member *members = arena_array(batch->arena, PRODUCT_MEMBERS, sizeof(*members));
    const struct text currency = rows_text(rows, 3);
    struct json *attributes;

    template_name_members(members, template_declarations[ROOT_RECOMMENDATIONS].members);
    members[PRODUCT_CODE].value = text_value(batch, rows, 5);
    members[PRODUCT_NAME].value = text_value(batch, rows, 6);
    members[PRODUCT_QUANTITY].value =
        liquid_number((double)rows_int64(rows, 8) / (double)MICROS_PER_UNIT);
    if (rows_int64(rows, 8) % MICROS_PER_UNIT == 0)
        members[PRODUCT_QUANTITY].value = liquid_integer(rows_int64(rows, 8) / MICROS_PER_UNIT);
    members[PRODUCT_PRICE].value = liquid_money(rows_int64(rows, 9), currency);
    members[PRODUCT_TOTAL].value = liquid_money(rows_int64(rows, 10), currency);
    if (rows_text(rows, 7).size > 0) {
        const struct json *url, *image;

        TRY(json_parse_own(scope, text_copy(batch->arena, rows_text(rows, 7)), &attributes));
        url = json_member(attributes, "url");
        image = json_member(attributes, "image_url");
        if (url)
            members[PRODUCT_URL].value = liquid_text_or_nil(json_scalar_text(batch->arena, url));
        if (image)
            members[PRODUCT_IMAGE_URL].value =
                liquid_text_or_nil(json_scalar_text(batch->arena, image));
    }
    person->lines[person->line_count++] = liquid_object(members, PRODUCT_MEMBERS);
    return OK;
}

static code read_last_sales(struct scope *scope, struct batch *batch) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ask(scope, batch, sql_people_last_sale, &rows));
    while (rows_next(rows)) {
        struct template_person *person = person_of(batch, rows_int64(rows, 0));

        if (!person->has_sale) {
            person->has_sale = true;
            person->last_sale[LAST_SALE_AT].value = liquid_instant(rows_int64(rows, 1));
            person->last_sale[LAST_SALE_TOTAL].value =
                liquid_money(rows_int64(rows, 2), rows_text(rows, 3));
            person->last_sale[LAST_SALE_STORE].value = text_value(batch, rows, 4);
        }
        if (!rows_is_null(rows, 10) &&
            person->line_count < sizeof(person->lines) / sizeof(*person->lines))
            TRY(read_line(scope, batch, rows, person));
    }
    return rows_end(rows);
}

static code read_segments(struct scope *scope, struct batch *batch) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ask(scope, batch, sql_people_segments, &rows));
    while (rows_next(rows)) {
        struct template_person *person = person_of(batch, rows_int64(rows, 0));

        if (person->segment_count < sizeof(person->segments) / sizeof(*person->segments))
            person->segments[person->segment_count++] = text_value(batch, rows, 1);
    }
    return rows_end(rows);
}

static code read_scores(struct scope *scope, struct batch *batch) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ask(scope, batch, sql_people_scores, &rows));
    while (rows_next(rows)) {
        struct template_person *person = person_of(batch, rows_int64(rows, 0));
        const int64_t first = rows_int64(rows, 2);

        switch (rows_int64(rows, 1)) {
        case 1:
            if (!rows_is_null(rows, 3))
                person->customer[CUSTOMER_LIFETIME_VALUE].value =
                    liquid_money(rows_int64(rows, 3), TEXT(""));
            break;
        case 2:
            person->customer[CUSTOMER_CHURN].value =
                liquid_number((double)first / (double)MICROS_PER_UNIT);
            break;
        default:
            person->customer[CUSTOMER_PERSONA].value =
                rows_text(rows, 4).size > 0
                    ? text_value(batch, rows, 4)
                    : liquid_text(text_printf(batch->arena, "%" PRId64, first / MICROS_PER_UNIT));
        }
    }
    return rows_end(rows);
}

// The number seen last of each.
static code read_numbers(struct scope *scope, struct batch *batch) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ask(scope, batch, sql_people_numbers, &rows));
    while (rows_next(rows))
        person_of(batch, rows_int64(rows, 0))->customer[CUSTOMER_NUMBER].value =
            text_value(batch, rows, 1);
    return rows_end(rows);
}

static void begin_person(struct arena *arena, struct template_person *person, int64_t id) {
    person->id = id;
    template_name_members(person->customer, template_declarations[ROOT_CUSTOMER].members);
    person->customer[CUSTOMER_ID].value = liquid_text(text_printf(arena, "%" PRId64, id));
    template_name_members(person->last_sale, template_declarations[ROOT_LAST_SALE].members);
}

static code read_batch(struct scope *scope, const struct template_needs *needs,
                       struct batch *batch) {
    for (size_t i = 0; i < AT_ONCE; i++)
        batch->binds[i] = BIND_INT64(batch->persons[i < batch->count ? i : batch->count - 1].id);
    TRY(read_profiles(scope, batch));
    for (size_t i = 0; i < batch->count; i++)
        if (!batch->persons[i].is_found)
            return scope_fail(scope, INVALID, "customer %" PRId64 " does not exist",
                              batch->persons[i].id);
    if (needs->totals)
        TRY(read_totals(scope, batch));
    if (needs->last_sale)
        TRY(read_last_sales(scope, batch));
    if (needs->segments)
        TRY(read_segments(scope, batch));
    if (needs->scores)
        TRY(read_scores(scope, batch));
    if (needs->numbers)
        TRY(read_numbers(scope, batch));
    for (size_t i = 0; i < batch->count; i++) {
        struct template_person *person = &batch->persons[i];

        person->customer[CUSTOMER_SEGMENTS].value =
            liquid_list(person->segments, person->segment_count);
        person->last_sale[LAST_SALE_LINES].value = liquid_list(person->lines, person->line_count);
    }
    return OK;
}

code template_people_read(struct scope *scope, const struct template_program *program,
                          const int64_t *customers, size_t count, struct template_people **ret) {
    struct template_people *people = arena_alloc(&scope->arena, sizeof(*people));

    people->count = count;
    people->persons = arena_array(&scope->arena, count + 1, sizeof(*people->persons));
    for (size_t i = 0; i < count; i++)
        begin_person(&scope->arena, &people->persons[i], customers[i]);
    for (size_t i = 0; i < count; i += AT_ONCE) {
        struct batch batch = {.persons = &people->persons[i],
                              .count = count - i < AT_ONCE ? count - i : AT_ONCE,
                              .arena = &scope->arena};

        TRY(read_batch(scope, &program->needs, &batch));
    }
    *ret = people;
    return OK;
}

struct text template_person_name(const struct template_people *people, size_t index) {
    const struct liquid_value name = people->persons[index].customer[CUSTOMER_NAME].value;

    return name.type == LIQUID_TEXT ? (struct text){name.data, name.count} : TEXT("");
}
