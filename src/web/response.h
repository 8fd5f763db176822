// SPDX-License-Identifier: Apache-2.0
// What a handler answers: a JSON document. Lists of things are tables: columns with name, type and
// unit, and rows; the command line and the web app show any table in the same way.
//
// A member "notices" (an array of texts) of the answer's object holds remarks for the reader that
// are no part of the result ("1,000 rows shown, there are more"); the command line writes them to
// standard error.
#pragma once

#include "base/json.h"
#include "base/scope.h"
#include "store/rows.h"

enum { RESPONSE_MOST_HEADERS = 8 };

struct response_header {
    const char *name;
    struct text value;
};

struct response {
    struct buffer body;        // JSON, or what content_type says
    struct json_writer writer; // writes into body
    int64_t row_count;         // of the table being written
    int status;                // of HTTP; 0: that of the code (base/code.c)
    const char *content_type;  // NULL: JSON
    struct response_header headers[RESPONSE_MOST_HEADERS];
    size_t header_count;
    int file;     // a file descriptor whose content is the body, -1: none; closed with the response
    bool is_live; // nothing yet: the connection stays open for events (web/live.h)
    int64_t live_customer; // whose changes are among them; 0: nobody's
};

void response_init(struct response *response);
void response_clear(struct response *response);

enum column_type {
    COLUMN_TEXT,
    COLUMN_ID, // int64, written as a string: JavaScript's numbers end at 2⁵³
    COLUMN_INTEGER,
    COLUMN_NUMBER,   // double
    COLUMN_MONEY,    // int64 micros, written as a decimal number; unit: currency code
    COLUMN_QUANTITY, // int64 micros, written as a decimal number
    COLUMN_RATE,     // int basis points, written as percent
    COLUMN_SHARE,    // double 0..1, shown as percent
    COLUMN_DAY,      // int days, written "2010-12-01"
    COLUMN_INSTANT,  // int64 µs, written as ISO 8601 UTC
    COLUMN_BOOL,
    COLUMN_TYPE_COUNT
};

const char *column_type_name(enum column_type type); // "money"
bool column_type_parse(struct text name, enum column_type *ret_type);

struct column {
    const char *name;  // "revenue_gross"
    const char *label; // "Revenue, gross"
    enum column_type type;
    const char *unit; // "GBP", "days", …; NULL when there is none
};

// A table as a member of the object being written (or as the whole answer's object when `key` is
// NULL):
// {"columns": [{"name", "label", "type", "unit"}], "rows": [[…], …], "row_count": n}
void response_begin_table(struct response *response, const char *key, const struct column *columns,
                          size_t column_count);
void response_begin_row(struct response *response);
// One cell of row being written; value_* by the column's type. NULL cells: response_null.
void response_null(struct response *response);
void response_text(struct response *response, struct text value);
void response_int64(struct response *response, enum column_type type, int64_t value);
void response_double(struct response *response, double value);
void response_end_row(struct response *response);
void response_end_table(struct response *response);
// The same for a page of a long list: with "next", what the parameter "after" of the page behind it
// shall be. 0: this is the last page.
void response_end_page(struct response *response, int64_t next);

// The current row's value in one column of a query, as a cell of this type.
void response_cell(struct response *response, enum column_type type, const struct rows *rows,
                   size_t column);
// All rows of a query as a table: the query's columns are the table's, in order.
code response_rows(struct scope *scope, struct response *response, const char *key,
                   const struct column *columns, size_t column_count, struct rows *rows);

// A whole answer: the first `limit` rows of a query that was asked for one more, and in "next" the
// first column of the last of them when there are more.
code response_page(struct scope *scope, struct response *response, const struct column *columns,
                   size_t column_count, struct rows *rows, int64_t limit);

// A whole answer that says no more than whom or what was changed: {"deleted": "Regulars"}.
void response_done(struct response *response, const char *what, struct text name);

// A header of the answer. INVALID for a value with a control character, which could end the header.
// Both live as long as the response. The command line does not see headers.
code response_header(struct scope *scope, struct response *response, const char *name,
                     struct text value);

// Makes the answer a file to be kept under this name, which browsers open in no page. `name` is
// UTF-8 without control characters.
code response_attachment(struct scope *scope, struct response *response, struct text name);

// {"error": {"code", "message", "detail", "hint", "field"}} from the scope's failure, in place of
// whatever was written before.
void response_failure(struct response *response, const struct failure *failure);
