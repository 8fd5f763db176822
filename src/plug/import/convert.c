// SPDX-License-Identifier: Apache-2.0
// The hot loop of every import: one pass over the mapped fields, a switch by type. A field that
// says what it said in the row before (the date of a receipt's next line) keeps its number.
#include "plug/import/convert.h"

#include "base/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MEMORY_SIZE = 40 };

struct binding {
    enum target target;
    enum target_type type;
    size_t columns[MAPPING_COLUMNS_PER_FIELD];
    size_t column_count;
    struct text constant;
    char memory[MEMORY_SIZE]; // the text of the row before, and what it came to
    size_t memory_size;
    int64_t memory_number;
};

struct attribute {
    struct text name;
    size_t column;
};

struct converter {
    struct arena arena;
    struct binding *bindings;
    size_t binding_count;
    struct attribute *attributes;
    size_t attribute_count;
    struct zone *zone;
    struct mapping_options options;
};

void refusal_set(struct refusal *refusal, const char *reason, const char *field, const char *format,
                 ...) {
    va_list arguments;

    snprintf(refusal->reason, sizeof(refusal->reason), "%s", reason);
    snprintf(refusal->field, sizeof(refusal->field), "%s", field);
    va_start(arguments, format);
    vsnprintf(refusal->message, sizeof(refusal->message), format, arguments);
    va_end(arguments);
}

// ---- making ready ----

static code find_column(struct scope *scope, struct text wanted, const struct text *columns,
                        size_t column_count, size_t *ret_index) {
    for (size_t i = 0; i < column_count; i++)
        if (text_equal(columns[i], wanted)) {
            *ret_index = i;
            return OK;
        }
    for (size_t i = 0; i < column_count; i++)
        if (text_equal_ascii_case(columns[i], wanted)) {
            *ret_index = i;
            return OK;
        }
    scope_fail_field(scope, INVALID, "fields", "the file has no column \"%.*s\"", TEXT_ARG(wanted));
    return scope_hint(scope, "see its columns with: tessera import FILE --as KIND --dry-run");
}

static code bind_fields(struct scope *scope, const struct mapping *mapping,
                        const struct text *columns, size_t column_count,
                        struct converter *converter) {
    converter->bindings =
        arena_array(&converter->arena, mapping->field_count + 1, sizeof(*converter->bindings));
    for (size_t i = 0; i < mapping->field_count; i++) {
        const struct mapping_field *field = &mapping->fields[i];
        struct binding *binding = &converter->bindings[converter->binding_count++];

        binding->target = field->target;
        binding->type = target_info(field->target)->type;
        binding->constant = text_copy(&converter->arena, field->constant);
        binding->column_count = field->column_count;
        for (size_t k = 0; k < field->column_count; k++)
            TRY(find_column(scope, field->columns[k], columns, column_count, &binding->columns[k]));
    }
    converter->attributes = arena_array(&converter->arena, mapping->attribute_count + 1,
                                        sizeof(*converter->attributes));
    for (size_t i = 0; i < mapping->attribute_count; i++) {
        struct attribute *attribute = &converter->attributes[i];

        attribute->name = text_copy(&converter->arena, mapping->attributes[i]);
        TRY(find_column(scope, mapping->attributes[i], columns, column_count, &attribute->column));
        converter->attribute_count++;
    }
    return OK;
}

code converter_open(struct scope *scope, const struct mapping *mapping, const struct text *columns,
                    size_t column_count, struct converter **ret_converter) {
    CLEANUP(converter_close) struct converter *converter = calloc(1, sizeof(*converter));

    if (!converter)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    arena_init(&converter->arena);
    converter->options = mapping->options;
    TRY(bind_fields(scope, mapping, columns, column_count, converter));
    TRY(zone_open(scope, mapping->options.zone.size > 0 ? mapping->options.zone : TEXT("UTC"),
                  &converter->zone));
    *ret_converter = TAKE(converter);
    return OK;
}

void converter_close(struct converter **converter) {
    if (!*converter)
        return;
    zone_free((*converter)->zone);
    arena_clear(&(*converter)->arena);
    free(*converter);
    *converter = NULL;
}

// ---- one value ----

static bool consent_state_parse(struct text text, int64_t *ret_state) {
    static const struct {
        const char *word;
        int64_t state; // 1 granted, 2 denied, 3 withdrawn
    } words[] = {
        {"granted", 1},  {"grant", 1},        {"given", 1},   {"yes", 1},    {"true", 1},
        {"1", 1},        {"opt-in", 1},       {"optin", 1},   {"in", 1},     {"subscribed", 1},
        {"denied", 2},   {"refused", 2},      {"no", 2},      {"false", 2},  {"0", 2},
        {"out", 2},      {"withdrawn", 3},    {"opt-out", 3}, {"optout", 3}, {"revoked", 3},
        {"objected", 3}, {"unsubscribed", 3},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (text_equal_ascii_case(text, text_of(words[i].word))) {
            *ret_state = words[i].state;
            return true;
        }
    return false;
}

static bool sale_kind_word(struct text text, int64_t *ret_kind) {
    static const struct {
        const char *word;
        int64_t kind; // enum sale_kind
    } words[] = {
        {"sale", 1},   {"invoice", 1},    {"receipt", 1},      {"order", 1},
        {"refund", 2}, {"return", 2},     {"cancellation", 2}, {"credit note", 2},
        {"credit", 2}, {"adjustment", 3}, {"write-off", 3},    {"correction", 3},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (text_equal_ascii_case(text, text_of(words[i].word))) {
            *ret_kind = words[i].kind;
            return true;
        }
    return false;
}

static bool is_instant(const struct converter *converter, struct text text, int64_t *ret_number) {
    bool has_time;

    return time_parse(text, converter->options.date_order, converter->zone, ret_number, &has_time);
}

static bool is_day(const struct converter *converter, struct text text, int64_t *ret_number) {
    int32_t day;

    if (!day_parse(text, converter->options.date_order, &day))
        return false;
    *ret_number = day;
    return true;
}

static bool is_rate(struct text text, int64_t *ret_number) {
    int32_t rate_bp;

    if (!rate_bp_parse(text, false, &rate_bp))
        return false;
    *ret_number = rate_bp;
    return true;
}

static const char *convert(const struct converter *converter, enum target_type type,
                           struct text text, int64_t *ret_number) {
    switch (type) {
    case TARGET_TYPE_INSTANT:
        return is_instant(converter, text, ret_number) ? NULL : "bad_date";
    case TARGET_TYPE_DAY:
        return is_day(converter, text, ret_number) ? NULL : "bad_date";
    case TARGET_TYPE_MONEY:
    case TARGET_TYPE_QUANTITY:
        return micros_parse(text, converter->options.decimal, ret_number) ? NULL : "bad_number";
    case TARGET_TYPE_RATE:
        return is_rate(text, ret_number) ? NULL : "bad_rate";
    case TARGET_TYPE_CURRENCY:
        return currency_is_known(text) ? NULL : "bad_currency";
    case TARGET_TYPE_SALE_KIND:
        return sale_kind_word(text, ret_number) ? NULL : "bad_kind";
    case TARGET_TYPE_CONSENT_STATE:
        return consent_state_parse(text, ret_number) ? NULL : "bad_state";
    case TARGET_TYPE_TEXT:
    case TARGET_TYPE_JSON:
        return NULL;
    }
    return "bad_value";
}

static const char *expectation(enum target_type type) {
    switch (type) {
    case TARGET_TYPE_INSTANT:
        return "no date and time";
    case TARGET_TYPE_DAY:
        return "no date";
    case TARGET_TYPE_MONEY:
        return "no amount";
    case TARGET_TYPE_QUANTITY:
        return "no quantity";
    case TARGET_TYPE_RATE:
        return "no rate from 0 to 100 %";
    case TARGET_TYPE_CURRENCY:
        return "no currency of ISO 4217";
    case TARGET_TYPE_SALE_KIND:
        return "neither sale, refund nor adjustment";
    case TARGET_TYPE_CONSENT_STATE:
        return "neither granted, denied nor withdrawn";
    case TARGET_TYPE_TEXT:
    case TARGET_TYPE_JSON:
        break;
    }
    return "not readable";
}

// ---- one row ----

static struct text gather(const struct binding *binding, struct arena *arena,
                          const struct text *fields, size_t field_count) {
    struct text whole = {0};

    if (binding->column_count == 0)
        return binding->constant;
    if (binding->column_count == 1)
        return binding->columns[0] < field_count ? text_trim(fields[binding->columns[0]]) : whole;
    for (size_t i = 0; i < binding->column_count; i++) {
        const struct text part = binding->columns[i] < field_count
                                     ? text_trim(fields[binding->columns[i]])
                                     : (struct text){0};

        if (part.size > 0)
            whole = whole.size > 0
                        ? text_printf(arena, "%.*s %.*s", TEXT_ARG(whole), TEXT_ARG(part))
                        : part;
    }
    return whole;
}

static bool same_as_before(const struct binding *binding, struct text text) {
    return text.data && text.size > 0 && binding->memory_size == text.size &&
           memcmp(binding->memory, text.data, text.size) == 0;
}

static void remember(struct binding *binding, struct text text, int64_t number) {
    binding->memory_size = text.data && text.size <= MEMORY_SIZE ? text.size : 0;
    if (binding->memory_size > 0)
        memcpy(binding->memory, text.data, binding->memory_size);
    binding->memory_number = number;
}

static bool set_value(struct converter *converter, struct binding *binding, struct text text,
                      struct values *values, struct refusal *ret_refusal) {
    const struct target_info *info = target_info(binding->target);
    const char *reason;
    int64_t number = 0;

    values->text[binding->target] = text;
    values->has[binding->target] = text.size > 0;
    if (text.size == 0 || binding->type == TARGET_TYPE_TEXT || binding->type == TARGET_TYPE_JSON)
        return true;
    if (same_as_before(binding, text)) {
        values->number[binding->target] = binding->memory_number;
        return true;
    }
    reason = convert(converter, binding->type, text, &number);
    if (reason) {
        refusal_set(ret_refusal, reason, info->name, "%s: \"%.*s\" is %s", info->label,
                    text.size < 80 ? (int)text.size : 80, text.data, expectation(binding->type));
        return false;
    }
    values->number[binding->target] = number;
    remember(binding, text, number);
    return true;
}

bool converter_row(struct converter *converter, struct arena *arena, const struct text *fields,
                   size_t field_count, struct values *values, struct refusal *ret_refusal) {
    for (size_t i = 0; i < converter->binding_count; i++) {
        struct binding *binding = &converter->bindings[i];
        const struct text text = gather(binding, arena, fields, field_count);

        if (memchr(text.data ? text.data : "", '\0', text.size)) {
            refusal_set(ret_refusal, "bad_text", target_info(binding->target)->name,
                        "%s holds a NUL character", target_info(binding->target)->label);
            return false;
        }
        if (text.size > LIMIT_FIELD_BYTES) {
            refusal_set(ret_refusal, "too_long", target_info(binding->target)->name,
                        "%s has %zu bytes, the limit is %d", target_info(binding->target)->label,
                        text.size, (int)LIMIT_FIELD_BYTES);
            return false;
        }
        if (!set_value(converter, binding, text, values, ret_refusal))
            return false;
    }
    return true;
}

size_t converter_attribute_count(const struct converter *converter) {
    return converter->attribute_count;
}

struct text converter_attribute(const struct converter *converter, const struct text *fields,
                                size_t index, struct text *ret_name) {
    const struct attribute *attribute = &converter->attributes[index];

    *ret_name = attribute->name;
    return text_trim(fields[attribute->column]);
}
