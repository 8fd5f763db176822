// SPDX-License-Identifier: Apache-2.0
// Proposing a mapping: headers say most, values confirm or refuse (a "date" column that holds no
// dates is none), and where headers say nothing, values alone suggest e-mail addresses, phones and
// dates.
#include "plug/import/mapping.h"

#include "base/limits.h"

enum { SAMPLE_ROWS = 1000, SCORE_TAKEN = 25 };

struct column_sample {
    struct text name;
    struct text *values; // non-empty ones of the first rows
    size_t count;
};

struct sample {
    struct column_sample *columns;
    size_t column_count;
    size_t row_count;
    struct text **rows; // rows × columns, for questions across columns
};

// ---- reading the sample ----

static code read_sample(struct scope *scope, const char *path, const struct source_dialect *dialect,
                        struct sample *sample) {
    CLEANUP(source_close) struct source *source = NULL;
    struct record record;
    bool end = false;

    TRY(source_open(scope, path, dialect, &source));
    sample->column_count = source_column_count(source);
    sample->columns =
        arena_array(&scope->arena, sample->column_count + 1, sizeof(*sample->columns));
    sample->rows = arena_array(&scope->arena, SAMPLE_ROWS, sizeof(*sample->rows));
    for (size_t i = 0; i < sample->column_count; i++) {
        sample->columns[i].name = text_copy(&scope->arena, source_column_name(source, i));
        sample->columns[i].values = arena_array(&scope->arena, SAMPLE_ROWS, sizeof(struct text));
    }
    while (sample->row_count < SAMPLE_ROWS) {
        struct text *row;

        TRY(source_next(scope, source, &record, &end));
        if (end)
            break;
        if (record.fault)
            continue;
        row = sample->rows[sample->row_count++] =
            arena_array(&scope->arena, sample->column_count + 1, sizeof(struct text));
        for (size_t i = 0; i < sample->column_count; i++) {
            struct column_sample *column = &sample->columns[i];

            row[i] = text_trim(text_copy(&scope->arena, record.fields[i]));
            if (row[i].size > 0)
                column->values[column->count++] = row[i];
        }
    }
    return OK;
}

// ---- what values look like ----

static bool looks_like_email(struct text value) {
    const char *at = value.size > 0 ? memchr(value.data, '@', value.size) : NULL;

    return at && at > value.data && memchr(at, '.', (size_t)(value.data + value.size - at)) &&
           !text_contains(value, ' ');
}

static bool looks_like_phone(struct text value) {
    size_t digits = 0;

    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] >= '0' && value.data[i] <= '9')
            digits++;
        else if (!strchr("+-() ./", value.data[i]))
            return false;
    }
    return digits >= 7 && digits <= 15 && (value.data[0] == '+' || value.data[0] == '0');
}

static bool has_a_digit(struct text value) {
    for (size_t i = 0; i < value.size; i++)
        if (value.data[i] >= '0' && value.data[i] <= '9')
            return true;
    return false;
}

static bool has_an_at(struct text value) {
    return text_contains(value, '@');
}

static bool looks_like_instant(struct text value, enum date_order order, struct zone *zone) {
    int64_t at_us;
    bool has_time;

    return value.size >= 6 && time_parse(value, order, zone, &at_us, &has_time);
}

static bool looks_like_number(struct text value) {
    int64_t micros;

    return micros_parse(value, DECIMAL_GUESS, &micros);
}

// Whether a value can be of a target's type at all.
static bool can_be(enum target_type type, struct text value, enum date_order order,
                   struct zone *zone) {
    int32_t rate_bp;

    switch (type) {
    case TARGET_TYPE_INSTANT:
    case TARGET_TYPE_DAY:
        return looks_like_instant(value, order, zone);
    case TARGET_TYPE_MONEY:
    case TARGET_TYPE_QUANTITY:
        return looks_like_number(value);
    case TARGET_TYPE_RATE:
        return rate_bp_parse(value, false, &rate_bp);
    case TARGET_TYPE_CURRENCY:
        return currency_is_known(value);
    case TARGET_TYPE_JSON:
        return value.data[0] == '[' || value.data[0] == '{';
    case TARGET_TYPE_TEXT:
    case TARGET_TYPE_SALE_KIND:
    case TARGET_TYPE_CONSENT_STATE:
        return true;
    }
    return false;
}

static double share_that_can_be(const struct column_sample *column, enum target_type type,
                                enum date_order order, struct zone *zone) {
    size_t fitting = 0;

    if (column->count == 0)
        return 1; // nothing speaks against it
    for (size_t i = 0; i < column->count; i++)
        fitting += can_be(type, column->values[i], order, zone);
    return (double)fitting / (double)column->count;
}

static double share_of(const struct column_sample *column, bool (*looks)(struct text value)) {
    size_t fitting = 0;

    for (size_t i = 0; i < column->count; i++)
        fitting += looks(column->values[i]);
    return column->count > 0 ? (double)fitting / (double)column->count : 0;
}

// The order in which most of the sample's dates can be read; year first unless something else fits
// better.
static enum date_order find_date_order(const struct sample *sample, struct zone *zone) {
    size_t fitting[3] = {0};
    enum date_order best = DATE_ORDER_YMD;

    for (size_t i = 0; i < sample->column_count; i++)
        for (size_t k = 0; k < sample->columns[i].count; k++)
            for (int order = DATE_ORDER_YMD; order <= DATE_ORDER_MDY; order++)
                fitting[order] +=
                    looks_like_instant(sample->columns[i].values[k], (enum date_order)order, zone);
    for (int order = DATE_ORDER_YMD; order <= DATE_ORDER_MDY; order++)
        if (fitting[order] > fitting[best])
            best = (enum date_order)order;
    return best;
}

// ---- columns to targets ----

static int score(const struct column_sample *column, enum import_kind kind, enum target target,
                 enum date_order order, struct zone *zone) {
    const struct target_info *info = target_info(target);
    const enum target_type type = info->type;
    int points = target_header_score(target, kind, column->name);

    if (points > 0 && share_that_can_be(column, type, order, zone) < 0.5)
        return 0;
    // "PhoneService" holds yes and no.
    if ((target == TARGET_EMAIL && column->count > 0 && share_of(column, has_an_at) < 0.1) ||
        (target == TARGET_PHONE && column->count > 0 && share_of(column, has_a_digit) < 0.1))
        return 0;
    // A column that nobody named but that holds dates is when it happened.
    if (points == 0 && (info->required & (1u << kind)) != 0 && type == TARGET_TYPE_INSTANT &&
        column->count > 0 && column->values[0].size >= 8 &&
        share_that_can_be(column, type, order, zone) > 0.95)
        points = SCORE_TAKEN + 1;
    if (target == TARGET_EMAIL && share_of(column, looks_like_email) > 0.8)
        points += 40;
    if (target == TARGET_PHONE && points > 0 && share_of(column, looks_like_phone) > 0.8)
        points += 20;
    return points;
}

// The best pair of a free column and a free target: the column, and the target in *field. *ret_best
// stays when no pair has more.
static size_t best_pair(const struct sample *sample, const int *scores, const bool *taken,
                        const struct mapping *mapping, struct mapping_field *field, int *ret_best) {
    size_t best_column = 0;

    for (size_t i = 0; i < sample->column_count; i++)
        for (int target = 0; target < TARGET_COUNT; target++)
            if (!taken[i] && scores[i * TARGET_COUNT + (size_t)target] > *ret_best &&
                !mapping_find(mapping, (enum target)target)) {
                *ret_best = scores[i * TARGET_COUNT + (size_t)target];
                best_column = i;
                field->target = (enum target)target;
            }
    return best_column;
}

// Such a pair again and again.
static void assign(struct scope *scope, const struct sample *sample, enum date_order order,
                   struct zone *zone, struct mapping *mapping) {
    bool *taken = arena_array(&scope->arena, sample->column_count + 1, sizeof(*taken));
    int *scores =
        arena_array(&scope->arena, (sample->column_count + 1) * TARGET_COUNT, sizeof(*scores));

    for (size_t i = 0; i < sample->column_count; i++)
        for (int target = 0; target < TARGET_COUNT; target++)
            if (target_is_of((enum target)target, mapping->kind))
                scores[i * TARGET_COUNT + (size_t)target] =
                    score(&sample->columns[i], mapping->kind, (enum target)target, order, zone);
    for (size_t i = 0; i < sample->column_count; i++) {
        taken[i] = mapping_leaves_out(mapping, sample->columns[i].name);
        for (size_t k = 0; k < mapping->field_count; k++)
            for (size_t m = 0; m < mapping->fields[k].column_count; m++)
                taken[i] =
                    taken[i] || text_equal(mapping->fields[k].columns[m], sample->columns[i].name);
    }
    for (;;) {
        struct mapping_field field = {.column_count = 1};
        int best = SCORE_TAKEN;
        const size_t best_column = best_pair(sample, scores, taken, mapping, &field, &best);

        if (best == SCORE_TAKEN)
            return;
        taken[best_column] = true;
        field.columns[0] = sample->columns[best_column].name;
        mapping_put(scope, mapping, &field);
    }
}

// What no field takes is kept as attributes of the customer, product, store or staff member.
static void keep_attributes(struct scope *scope, const struct sample *sample,
                            struct mapping *mapping) {
    if (mapping->kind == IMPORT_SALES || mapping->kind == IMPORT_CONSENTS ||
        mapping->attribute_count > 0)
        return;
    mapping->attributes = arena_array(&scope->arena, sample->column_count + 1, sizeof(struct text));
    for (size_t i = 0; i < sample->column_count; i++) {
        bool used = text_is(sample->columns[i].name, "_extra") ||
                    mapping_leaves_out(mapping, sample->columns[i].name);

        for (size_t k = 0; k < mapping->field_count; k++)
            for (size_t m = 0; m < mapping->fields[k].column_count; m++)
                used = used || text_equal(mapping->fields[k].columns[m], sample->columns[i].name);
        if (!used)
            mapping->attributes[mapping->attribute_count++] = sample->columns[i].name;
    }
}

// ---- refunds by their numbers ----

static const struct column_sample *column_of(const struct sample *sample,
                                             const struct mapping *mapping, enum target target) {
    const struct mapping_field *field = mapping_find(mapping, target);

    for (size_t i = 0; field && field->column_count == 1 && i < sample->column_count; i++)
        if (text_equal(sample->columns[i].name, field->columns[0]))
            return &sample->columns[i];
    return NULL;
}

static bool is_letter(char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

// Receipts are mostly plain numbers, and those that begin with one certain letter have negative
// quantities: the letter marks refunds, and other letters mark what is neither.
static void find_refund_prefix(struct scope *scope, const struct sample *sample,
                               struct mapping *mapping) {
    const struct column_sample *receipts = column_of(sample, mapping, TARGET_RECEIPT);
    const struct column_sample *amounts = column_of(sample, mapping, TARGET_QUANTITY);
    size_t negative[128] = {0}, lettered[128] = {0}, plain = 0;

    if (!receipts || !amounts || mapping->options.refund_prefix.size > 0)
        return;
    for (size_t i = 0; i < sample->row_count; i++) {
        const struct text receipt = sample->rows[i][receipts - sample->columns];
        const struct text amount = sample->rows[i][amounts - sample->columns];

        if (receipt.size == 0 || amount.size == 0)
            continue;
        if (!is_letter(receipt.data[0])) {
            plain++;
            continue;
        }
        lettered[(unsigned char)receipt.data[0]]++;
        negative[(unsigned char)receipt.data[0]] += amount.data[0] == '-' || amount.data[0] == '(';
    }
    for (int letter = 'A'; letter <= 'z'; letter++)
        if (negative[letter] > 0 && negative[letter] == lettered[letter] &&
            plain > 10 * lettered[letter]) {
            mapping->options.refund_prefix = text_printf(&scope->arena, "%c", letter);
            mapping->options.other_prefix_is_adjustment = true;
            return;
        }
}

// ---- the decimal sign ----

// What the writing of one number says: a sign that stands before other than three digits, or behind
// the other sign, is the decimal sign. "1,234" and "1.234" say nothing.
static int decimal_evidence(struct text value) {
    const char *point = value.size > 0 ? memrchr(value.data, '.', value.size) : NULL;
    const char *comma = value.size > 0 ? memrchr(value.data, ',', value.size) : NULL;
    const char *last = point > comma ? point : comma;
    size_t digits = 0;

    if (!last)
        return 0;
    for (const char *at = last + 1; at < value.data + value.size && *at >= '0' && *at <= '9'; at++)
        digits++;
    if (!(point && comma) && digits == 3 && last != value.data &&
        !(last == value.data + 1 && *value.data == '0'))
        return 0;
    return last == point ? 1 : -1;
}

// One sign for the whole file: the column of unit prices may hold nothing but "1.250", the one of
// totals tells how it is meant. A file without evidence is taken to write points.
static enum decimal_style find_decimal(const struct sample *sample, const struct mapping *mapping) {
    int evidence = 0;

    for (int target = 0; target < TARGET_COUNT; target++) {
        const enum target_type type = target_info((enum target)target)->type;
        const struct column_sample *column;

        if (type != TARGET_TYPE_MONEY && type != TARGET_TYPE_QUANTITY)
            continue;
        column = column_of(sample, mapping, (enum target)target);
        for (size_t i = 0; column && i < column->count; i++)
            evidence += decimal_evidence(column->values[i]);
    }
    return evidence < 0 ? DECIMAL_COMMA : DECIMAL_POINT;
}

static void complete_options(struct scope *scope, const struct sample *sample,
                             enum date_order order, struct mapping *mapping) {
    mapping->options.date_order = order;
    if (mapping->options.decimal == DECIMAL_GUESS)
        mapping->options.decimal = find_decimal(sample, mapping);
    if (mapping->kind == IMPORT_SALES)
        find_refund_prefix(scope, sample, mapping);
}

code mapping_propose(struct scope *scope, const char *path, enum import_kind kind,
                     const struct mapping *given, struct mapping *ret_mapping) {
    struct mapping mapping =
        given ? *given
              : (struct mapping){.source = TEXT("main"),
                                 .options = {.vat_rate_bp = -1, .decimal = DECIMAL_GUESS}};
    CLEANUP(zone_close) struct zone *zone = NULL;
    struct sample sample = {0};
    enum date_order order;

    mapping.kind = kind;
    TRY(source_sniff(scope, path, &mapping.dialect, &mapping.dialect));
    TRY(read_sample(scope, path, &mapping.dialect, &sample));
    TRY(zone_open(scope, TEXT("UTC"), &zone));
    order = given && given->options.date_order != DATE_ORDER_YMD ? given->options.date_order
                                                                 : find_date_order(&sample, zone);
    assign(scope, &sample, order, zone, &mapping);
    keep_attributes(scope, &sample, &mapping);
    complete_options(scope, &sample, order, &mapping);
    *ret_mapping = mapping;
    return OK;
}
