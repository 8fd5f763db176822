// SPDX-License-Identifier: Apache-2.0
// The JSON form of mappings, their checks, and the named ones in the ledger.
#include "plug/import/mapping.h"

#include "base/limits.h"
#include "mapping_sql.h"
#include "store/ledger.h"

static const char *const date_order_names[] = {"ymd", "dmy", "mdy", NULL};
static const char *const decimal_names[] = {"point", "comma", "guess", NULL};
static const char *const price_names[] = {"gross", "net", NULL};
static const char *const other_prefix_names[] = {"sale", "adjustment", NULL};

// The members as JSON has them; read_options and write_options carry them to struct
// mapping_options.
struct options_record {
    int date_order, decimal, prices, other_prefix;
    struct text zone, vat_rate, refund_prefix, country;
};

#define AT(member) offsetof(struct options_record, member)
static const struct json_field option_fields[] = {
    {"date_order", JSON_FIELD_ENUM, AT(date_order), false, date_order_names,
     "order of numeric dates"},
    {"decimal", JSON_FIELD_ENUM, AT(decimal), false, decimal_names, "decimal sign"},
    {"zone", JSON_FIELD_TEXT, AT(zone), false, NULL, "IANA time zone of times without an offset"},
    {"prices", JSON_FIELD_ENUM, AT(prices), false, price_names, "whether unit prices hold the VAT"},
    {"vat_rate", JSON_FIELD_TEXT, AT(vat_rate), false, NULL,
     "VAT rate where no column states one, percent"},
    {"refund_prefix", JSON_FIELD_TEXT, AT(refund_prefix), false, NULL,
     "receipts that begin so are refunds"},
    {"other_prefix", JSON_FIELD_ENUM, AT(other_prefix), false, other_prefix_names,
     "what receipts are that begin with another letter"},
    {"country", JSON_FIELD_TEXT, AT(country), false, NULL,
     "ISO 3166 country of national phone numbers"},
};
#undef AT
enum { OPTION_COUNT = sizeof(option_fields) / sizeof(*option_fields) };

static code read_options(struct scope *scope, const struct json *json,
                         struct mapping_options *options) {
    struct options_record record = {.date_order = (int)options->date_order,
                                    .decimal = (int)options->decimal,
                                    .prices = options->prices_are_net,
                                    .other_prefix = options->other_prefix_is_adjustment,
                                    .zone = options->zone,
                                    .refund_prefix = options->refund_prefix,
                                    .country = options->country};
    struct zone *zone;

    TRY(json_read_record(scope, json, option_fields, OPTION_COUNT, &record));
    if (record.vat_rate.size > 0 && !rate_bp_parse(record.vat_rate, false, &options->vat_rate_bp))
        return scope_fail_field(scope, INVALID, "vat_rate", "\"%.*s\" is no rate from 0 to 100 %%",
                                TEXT_ARG(record.vat_rate));
    if (record.zone.size > 0) {
        TRY(zone_open(scope, record.zone, &zone));
        zone_free(zone);
    }
    options->date_order = (enum date_order)record.date_order;
    options->decimal = (enum decimal_style)record.decimal;
    options->zone = record.zone;
    options->prices_are_net = record.prices == 1;
    options->refund_prefix = record.refund_prefix;
    options->other_prefix_is_adjustment = record.other_prefix == 1;
    options->country = record.country;
    return OK;
}

// ---- the file's dialect ----

struct format_record {
    int format, encoding, compression, header;
    struct text delimiter, quote;
    const struct json *columns;
};

#define AT(member) offsetof(struct format_record, member)
static const struct json_field format_fields[] = {
    {"format", JSON_FIELD_ENUM, AT(format), false, source_format_names, "kind of file"},
    {"encoding", JSON_FIELD_ENUM, AT(encoding), false, source_encoding_names, "character encoding"},
    {"compression", JSON_FIELD_ENUM, AT(compression), false, source_compression_names,
     "gzip or none"},
    {"header", JSON_FIELD_ENUM, AT(header), false, source_header_names,
     "whether the first row names columns"},
    {"delimiter", JSON_FIELD_TEXT, AT(delimiter), false, NULL,
     "one character; a blank for runs of blanks"},
    {"quote", JSON_FIELD_TEXT, AT(quote), false, NULL, "one character; empty for none"},
    {"columns", JSON_FIELD_JSON, AT(columns), false, NULL, "names, and places in fixed width"},
};
#undef AT
enum { FORMAT_COUNT = sizeof(format_fields) / sizeof(*format_fields) };

struct column_record {
    struct text name;
    int64_t start, width;
};
static const struct json_field column_fields[] = {
    {"name", JSON_FIELD_TEXT, offsetof(struct column_record, name), true, NULL,
     "name of the column"},
    {"start", JSON_FIELD_INT64, offsetof(struct column_record, start), false, NULL,
     "first character, from 0"},
    {"width", JSON_FIELD_INT64, offsetof(struct column_record, width), false, NULL, "characters"},
};
enum { COLUMN_FIELD_COUNT = sizeof(column_fields) / sizeof(*column_fields) };

static code read_columns(struct scope *scope, const struct json *json,
                         struct source_dialect *dialect) {
    struct source_column *columns;
    size_t count = 0;

    if (!json)
        return OK;
    if (json->type != JSON_ARRAY || json->count > LIMIT_RECORD_FIELDS)
        return scope_fail_field(scope, INVALID, "columns",
                                "field \"columns\" is no list of up to %d columns",
                                (int)LIMIT_RECORD_FIELDS);
    columns = arena_array(&scope->arena, json->count + 1, sizeof(*columns));
    for (const struct json *item = json->first; item; item = item->next) {
        struct column_record record = {0};

        TRY(json_read_record(scope, item, column_fields, COLUMN_FIELD_COUNT, &record));
        if (record.start < 0 || record.width < 0 || record.start > LIMIT_RECORD_BYTES ||
            record.width > LIMIT_RECORD_BYTES)
            return scope_fail_field(scope, INVALID, "columns",
                                    "column \"%.*s\" lies outside a line", TEXT_ARG(record.name));
        columns[count++] = (struct source_column){
            .name = record.name, .start = (size_t)record.start, .width = (size_t)record.width};
    }
    dialect->columns = columns;
    dialect->column_count = count;
    return OK;
}

static code read_dialect(struct scope *scope, const struct json *json,
                         struct source_dialect *dialect) {
    struct format_record record = {0};

    if (!json)
        return OK;
    TRY(json_read_record(scope, json, format_fields, FORMAT_COUNT, &record));
    if (record.delimiter.size > 1 || record.quote.size > 1)
        return scope_fail_field(scope, INVALID, "format",
                                "delimiter and quote are one character each");
    dialect->format = (enum source_format)record.format;
    dialect->encoding = (enum source_encoding)record.encoding;
    dialect->compression = (enum source_compression)record.compression;
    dialect->header = (enum source_header)record.header;
    if (record.delimiter.size == 1)
        dialect->delimiter = record.delimiter.data[0];
    if (record.quote.data)
        dialect->quote = record.quote.size == 1 ? record.quote.data[0] : SOURCE_QUOTE_NONE;
    return read_columns(scope, record.columns, dialect);
}

static void write_column(struct json_writer *writer, const struct source_dialect *dialect,
                         const struct source_column *column) {
    json_begin_object(writer);
    json_key(writer, "name");
    json_write_text(writer, column->name);
    if (dialect->format == SOURCE_FIXED_WIDTH) {
        json_key(writer, "start");
        json_write_int64(writer, (int64_t)column->start);
        json_key(writer, "width");
        json_write_int64(writer, (int64_t)column->width);
    }
    json_end_object(writer);
}

static void write_dialect(struct json_writer *writer, const struct source_dialect *dialect) {
    json_begin_object(writer);
    json_key(writer, "format");
    json_write_string(writer, source_format_names[dialect->format]);
    json_key(writer, "encoding");
    json_write_string(writer, source_encoding_names[dialect->encoding]);
    json_key(writer, "compression");
    json_write_string(writer, source_compression_names[dialect->compression]);
    json_key(writer, "header");
    json_write_string(writer, source_header_names[dialect->header]);
    if (dialect->delimiter) {
        json_key(writer, "delimiter");
        json_write_text(writer, (struct text){.data = &dialect->delimiter, .size = 1});
    }
    if (dialect->quote) {
        json_key(writer, "quote");
        json_write_text(writer, (struct text){.data = &dialect->quote,
                                              .size = dialect->quote != SOURCE_QUOTE_NONE});
    }
    if (dialect->column_count > 0) {
        json_key(writer, "columns");
        json_begin_array(writer);
        for (size_t i = 0; i < dialect->column_count; i++)
            write_column(writer, dialect, &dialect->columns[i]);
        json_end_array(writer);
    }
    json_end_object(writer);
}

// ---- fields ----

static code read_target(struct scope *scope, const struct mapping *mapping, struct text name,
                        enum target *ret_target) {
    if (target_parse(mapping->kind, name, ret_target))
        return OK;
    return scope_fail_field(scope, INVALID, "fields", "imports of %s have no field \"%.*s\"",
                            import_kind_name(mapping->kind), TEXT_ARG(name));
}

static code read_field(struct scope *scope, struct mapping *mapping, const struct json *json) {
    struct mapping_field field = {0};
    const struct json *column = json->type == JSON_ARRAY ? json->first : json;

    TRY(read_target(scope, mapping, json->key, &field.target));
    for (; column; column = json->type == JSON_ARRAY ? column->next : NULL) {
        if (column->type != JSON_STRING || field.column_count == MAPPING_COLUMNS_PER_FIELD)
            return scope_fail_field(scope, INVALID, "fields",
                                    "field \"%.*s\" takes a column's name or a list of up to %d",
                                    TEXT_ARG(json->key), (int)MAPPING_COLUMNS_PER_FIELD);
        field.columns[field.column_count++] = column->string;
    }
    mapping_put(scope, mapping, &field);
    return OK;
}

static code read_constant(struct scope *scope, struct mapping *mapping, const struct json *json) {
    struct mapping_field field = {.constant = json_scalar_text(&scope->arena, json)};

    TRY(read_target(scope, mapping, json->key, &field.target));
    mapping_put(scope, mapping, &field);
    return OK;
}

static code read_column_names(struct scope *scope, const struct json *json, const char *member,
                              struct text **ret_columns, size_t *ret_count) {
    struct text *columns;
    size_t count = 0;

    if (!json)
        return OK;
    if (json->type != JSON_ARRAY)
        return scope_fail_field(scope, INVALID, member, "field \"%s\" is no list of columns",
                                member);
    columns = arena_array(&scope->arena, json->count + 1, sizeof(*columns));
    for (const struct json *item = json->first; item; item = item->next)
        columns[count++] = json_scalar_text(&scope->arena, item);
    *ret_columns = columns;
    *ret_count = count;
    return OK;
}

struct mapping_record {
    int kind;
    struct text source;
    const struct json *format, *fields, *constants, *attributes, *left_out, *options;
};

#define AT(member) offsetof(struct mapping_record, member)
static const struct json_field mapping_fields[] = {
    {"kind", JSON_FIELD_ENUM, AT(kind), true, import_kind_names, "what the rows are"},
    {"source", JSON_FIELD_TEXT, AT(source), false, NULL,
     "namespace of receipt and customer numbers"},
    {"format", JSON_FIELD_JSON, AT(format), false, NULL, "how the file is written"},
    {"fields", JSON_FIELD_JSON, AT(fields), false, NULL,
     "field to column, or to a list of columns"},
    {"constants", JSON_FIELD_JSON, AT(constants), false, NULL, "field to value, for all rows"},
    {"attributes", JSON_FIELD_JSON, AT(attributes), false, NULL, "columns kept as attributes"},
    {"left_out", JSON_FIELD_JSON, AT(left_out), false, NULL, "columns that mean nothing here"},
    {"options", JSON_FIELD_JSON, AT(options), false, NULL, "how values are read"},
};
#undef AT
enum { MAPPING_FIELD_COUNT = sizeof(mapping_fields) / sizeof(*mapping_fields) };

code mapping_read(struct scope *scope, const struct json *json, struct mapping *ret_mapping) {
    struct mapping_record record = {.source = TEXT("main")};
    struct mapping mapping = {.options = {.vat_rate_bp = -1, .decimal = DECIMAL_GUESS}};

    TRY(json_read_record(scope, json, mapping_fields, MAPPING_FIELD_COUNT, &record));
    mapping.kind = (enum import_kind)record.kind;
    mapping.source = record.source;
    if (record.source.size == 0 || record.source.size > LIMIT_NAME_BYTES)
        return scope_fail_field(scope, INVALID, "source", "a source's name has 1 to %d bytes",
                                (int)LIMIT_NAME_BYTES);
    TRY(read_dialect(scope, record.format, &mapping.dialect));
    for (const struct json *item = record.fields ? record.fields->first : NULL; item;
         item = item->next)
        TRY(read_field(scope, &mapping, item));
    for (const struct json *item = record.constants ? record.constants->first : NULL; item;
         item = item->next)
        TRY(read_constant(scope, &mapping, item));
    TRY(read_column_names(scope, record.attributes, "attributes", &mapping.attributes,
                          &mapping.attribute_count));
    TRY(read_column_names(scope, record.left_out, "left_out", &mapping.left_out,
                          &mapping.left_out_count));
    if (record.options)
        TRY(read_options(scope, record.options, &mapping.options));
    *ret_mapping = mapping;
    return OK;
}

static void write_fields(struct json_writer *writer, const struct mapping *mapping) {
    json_key(writer, "fields");
    json_begin_object(writer);
    for (size_t i = 0; i < mapping->field_count; i++) {
        const struct mapping_field *field = &mapping->fields[i];

        if (field->column_count == 0)
            continue;
        json_key(writer, target_info(field->target)->name);
        if (field->column_count > 1)
            json_begin_array(writer);
        for (size_t k = 0; k < field->column_count; k++)
            json_write_text(writer, field->columns[k]);
        if (field->column_count > 1)
            json_end_array(writer);
    }
    json_end_object(writer);
    json_key(writer, "constants");
    json_begin_object(writer);
    for (size_t i = 0; i < mapping->field_count; i++) {
        if (mapping->fields[i].column_count > 0)
            continue;
        json_key(writer, target_info(mapping->fields[i].target)->name);
        json_write_text(writer, mapping->fields[i].constant);
    }
    json_end_object(writer);
}

static void write_options(struct json_writer *writer, const struct mapping_options *options) {
    char rate[MICROS_TEXT_SIZE];
    const struct options_record record = {
        .date_order = (int)options->date_order,
        .decimal = (int)options->decimal,
        .prices = options->prices_are_net,
        .other_prefix = options->other_prefix_is_adjustment,
        .zone = options->zone,
        .vat_rate =
            options->vat_rate_bp < 0
                ? (struct text){0}
                : text_of(micros_format(options->vat_rate_bp * (MICROS_PER_UNIT / 100), 0, rate)),
        .refund_prefix = options->refund_prefix,
        .country = options->country};

    json_write_record(writer, option_fields, OPTION_COUNT, &record);
}

static void write_column_names(struct json_writer *writer, const char *key,
                               const struct text *columns, size_t count) {
    json_key(writer, key);
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++)
        json_write_text(writer, columns[i]);
    json_end_array(writer);
}

void mapping_write(struct json_writer *writer, const struct mapping *mapping) {
    json_begin_object(writer);
    json_key(writer, "kind");
    json_write_string(writer, import_kind_name(mapping->kind));
    json_key(writer, "source");
    json_write_text(writer, mapping->source);
    json_key(writer, "format");
    write_dialect(writer, &mapping->dialect);
    write_fields(writer, mapping);
    write_column_names(writer, "attributes", mapping->attributes, mapping->attribute_count);
    if (mapping->left_out_count > 0)
        write_column_names(writer, "left_out", mapping->left_out, mapping->left_out_count);
    json_key(writer, "options");
    write_options(writer, &mapping->options);
    json_end_object(writer);
}

struct text mapping_text(struct scope *scope, const struct mapping *mapping) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    mapping_write(&writer, mapping);
    return text_copy(&scope->arena, buffer_text(&out));
}

// ---- as a structure ----

bool mapping_leaves_out(const struct mapping *mapping, struct text column) {
    for (size_t i = 0; i < mapping->left_out_count; i++)
        if (text_equal(mapping->left_out[i], column))
            return true;
    return false;
}

const struct mapping_field *mapping_find(const struct mapping *mapping, enum target target) {
    for (size_t i = 0; i < mapping->field_count; i++)
        if (mapping->fields[i].target == target)
            return &mapping->fields[i];
    return NULL;
}

void mapping_put(struct scope *scope, struct mapping *mapping, const struct mapping_field *field) {
    struct mapping_field *fields =
        arena_array(&scope->arena, mapping->field_count + 1, sizeof(*mapping->fields));
    size_t count = 0;

    for (size_t i = 0; i < mapping->field_count; i++)
        if (mapping->fields[i].target != field->target)
            fields[count++] = mapping->fields[i];
    if (field->column_count > 0 || field->constant.size > 0)
        fields[count++] = *field;
    mapping->fields = fields;
    mapping->field_count = count;
}

static bool maps_any(const struct mapping *mapping, const enum target *targets, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (mapping_find(mapping, targets[i]))
            return true;
    return false;
}

code mapping_check(struct scope *scope, const struct mapping *mapping) {
    static const enum target who[] = {TARGET_CUSTOMER_NUMBER, TARGET_EMAIL, TARGET_PHONE,
                                      TARGET_LOYALTY_CARD};
    static const enum target amounts[] = {TARGET_UNIT_PRICE, TARGET_LINE_TOTAL, TARGET_LINE_NET,
                                          TARGET_LINES};
    const char *kind = import_kind_name(mapping->kind);

    for (int i = 0; i < TARGET_COUNT; i++) {
        const struct target_info *info = target_info((enum target)i);

        if ((info->required & (1u << mapping->kind)) != 0 &&
            !mapping_find(mapping, (enum target)i)) {
            scope_fail_field(scope, INVALID, info->name, "%s need a column for %s", kind,
                             info->name);
            return scope_hint(scope,
                              "name it with --field %s=COLUMN, or give all rows the same with "
                              "--constant %s=VALUE",
                              info->name, info->name);
        }
    }
    if ((mapping->kind == IMPORT_CUSTOMERS || mapping->kind == IMPORT_CONSENTS) &&
        !maps_any(mapping, who, sizeof(who) / sizeof(*who))) {
        scope_fail_field(scope, INVALID, "customer_number", "%s need a column that says who it is",
                         kind);
        return scope_hint(
            scope, "name one with: --field customer_number=COLUMN (or email, phone, loyalty_card)");
    }
    if (mapping->kind == IMPORT_SALES &&
        !maps_any(mapping, amounts, sizeof(amounts) / sizeof(*amounts))) {
        scope_fail_field(scope, INVALID, "unit_price", "sales need a column for an amount");
        return scope_hint(scope,
                          "name one with: --field unit_price=COLUMN or --field line_total=COLUMN");
    }
    return OK;
}

// ---- named mappings ----

code mapping_save(struct scope *scope, struct text name, const struct mapping *mapping) {
    if (name.size == 0 || name.size > LIMIT_NAME_BYTES || !text_is_utf8(name))
        return scope_fail_field(scope, INVALID, "name",
                                "a mapping's name has 1 to %d bytes of text",
                                (int)LIMIT_NAME_BYTES);
    return ledger_exec(scope, sql_mapping_save,
                       BINDS(BIND_TEXT(name), BIND_STRING(import_kind_name(mapping->kind)),
                             BIND_TEXT(mapping_text(scope, mapping)), BIND_INT64(scope->now_us)));
}

code mapping_load(struct scope *scope, struct text name, struct mapping *ret_mapping) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct json *json;
    bool found;

    TRY(ledger_find(scope, sql_mapping_find, BINDS(BIND_TEXT(name)), &rows, &found));
    if (!found) {
        scope_fail_field(scope, NOT_FOUND, "mapping", "mapping \"%.*s\" does not exist",
                         TEXT_ARG(name));
        return scope_hint(scope, "see the mappings there are with: tessera mapping list");
    }
    TRY(json_parse(scope, text_copy(&scope->arena, rows_text(rows, 0)), &json));
    return mapping_read(scope, json, ret_mapping);
}

code mapping_delete(struct scope *scope, struct text name) {
    int64_t count;

    TRY(ledger_change(scope, sql_mapping_delete, BINDS(BIND_TEXT(name)), &count));
    if (count == 0)
        return scope_fail(scope, NOT_FOUND, "mapping \"%.*s\" does not exist", TEXT_ARG(name));
    return OK;
}
