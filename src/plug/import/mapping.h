// SPDX-License-Identifier: Apache-2.0
// A mapping says what the columns of a file mean. It is proposed, shown, changed, named and kept;
// every import keeps the one it was made with.
//
// As JSON:
//   {"kind": "sales", "source": "main",
//    "format": {"format": "csv", "delimiter": ";", "encoding": "utf-8", …},
//    "fields": {"receipt": "InvoiceNo", "sold_at": ["Date", "Time"]},
//    "constants": {"currency": "GBP"},
//    "attributes": ["Segment"],
//    "left_out": ["Checksum"],
//    "options": {"date_order": "ymd", "decimal": "point", "zone": "Europe/London", "prices":
//    "gross",
//                "vat_rate": "20", "refund_prefix": "C", "other_prefix": "adjustment", "country":
//                "GB"}}
#pragma once

#include "base/json.h"
#include "base/money.h"
#include "base/time.h"
#include "plug/import/target.h"
#include "plug/source/source.h"

enum { MAPPING_COLUMNS_PER_FIELD = 4 };

struct mapping_field {
    enum target target;
    struct text columns[MAPPING_COLUMNS_PER_FIELD]; // their texts are put together with a blank
    size_t column_count;
    struct text constant; // instead of columns
};

struct mapping_options {
    enum date_order date_order;
    enum decimal_style decimal;
    struct text zone;    // of times without an offset; empty: the business zone
    bool prices_are_net; // unit prices and discounts without VAT
    int32_t vat_rate_bp; // where no column states one; -1: none
    struct text
        refund_prefix; // receipt numbers that begin with it are refunds; empty: the sign decides
    bool other_prefix_is_adjustment; // numbers that begin with any other letter are adjustments
    struct text country;             // of national phone numbers; empty: the setting
};

struct mapping {
    enum import_kind kind;
    struct text source; // namespace of customer and receipt numbers
    struct source_dialect dialect;
    struct mapping_field *fields;
    size_t field_count;
    struct text *attributes; // columns kept as attributes of the customer, product, …
    size_t attribute_count;
    struct text *left_out; // columns that a proposal shall find no meaning for
    size_t left_out_count;
    struct mapping_options options;
};

bool mapping_leaves_out(const struct mapping *mapping, struct text column);

// Unknown members, targets that the kind does not have, and bad values are refused by name.
code mapping_read(struct scope *scope, const struct json *json, struct mapping *ret_mapping);
void mapping_write(struct json_writer *writer, const struct mapping *mapping);
// The mapping's JSON in the scope's arena.
struct text mapping_text(struct scope *scope, const struct mapping *mapping);

const struct mapping_field *mapping_find(const struct mapping *mapping, enum target target);
// Set or replace the field of a target; with neither column nor constant it is removed.
void mapping_put(struct scope *scope, struct mapping *mapping, const struct mapping_field *field);

// INVALID when the kind misses what it cannot do without, in words: "sales need a column for
// sold_at".
code mapping_check(struct scope *scope, const struct mapping *mapping);

// ---- named mappings, kept in the ledger ----

code mapping_save(struct scope *scope, struct text name, const struct mapping *mapping);
code mapping_load(struct scope *scope, struct text name, struct mapping *ret_mapping);
code mapping_delete(struct scope *scope, struct text name);

// ---- proposals ----

// Look at the file's first rows and say what its columns mean. `given` (may be NULL) holds what is
// known already and stands: its dialect members, fields, constants and options.
code mapping_propose(struct scope *scope, const char *path, enum import_kind kind,
                     const struct mapping *given, struct mapping *ret_mapping);
