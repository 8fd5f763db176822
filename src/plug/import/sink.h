// SPDX-License-Identifier: Apache-2.0
// Where converted rows go: one function per kind of import, called within the batch's ledger
// transaction.
#pragma once

#include "govern/consent/consent.h"
#include "host/event/event.h"
#include "host/identity/identity.h"
#include "host/profile/profile.h"
#include "host/sale/sale.h"
#include "plug/import/convert.h"

// What an import did. Kept in the import's row as JSON, shown after every import.
struct import_counts {
    int64_t customers_created, customers_updated, customers_joined, joins_refused;
    int64_t identifiers_unreadable; // set aside in rows that another identifier carries
    int64_t addresses_erased;       // whose owner had asked to be erased and came back
    int64_t sales_created, lines_added, anonymous_lines;
    int64_t refund_lines_tied;
    int64_t products_created, products_updated, stores_created, stores_updated, staff_created,
        staff_updated;
    int64_t events_created, consents_created;
};

enum { IMPORT_COUNT_FIELDS = 18 };
extern const struct json_field import_count_fields[IMPORT_COUNT_FIELDS];

// One running import: what its sinks need. Owned by one thread.
struct sink {
    int64_t import_id;
    const struct mapping *mapping;
    struct text file_name; // for evidence: "receipts.csv"
    struct text currency;  // where the file names none
    struct text country;   // of national phone numbers
    struct converter *converter;
    struct resolver *resolver;
    struct profiles *profiles;
    struct sale_writer *sales;
    struct change_run events;
    struct change_run consents;
    struct import_counts counts;
    int64_t last_origin; // the customer whose country was said last
    char last_country[64];
};

enum row_outcome { ROW_ACCEPTED, ROW_DUPLICATE, ROW_REFUSED };

// `fields` are the record's, for the attributes. ROW_REFUSED: *ret_refusal says why; then nothing
// was written.
typedef code (*sink_row)(struct scope *scope, struct sink *sink, const struct record *record,
                         const struct values *values, enum row_outcome *ret_outcome,
                         struct refusal *ret_refusal);

sink_row sink_of(enum import_kind kind);

code sink_sales(struct scope *scope, struct sink *sink, const struct record *record,
                const struct values *values, enum row_outcome *ret_outcome,
                struct refusal *ret_refusal);
code sink_customers(struct scope *scope, struct sink *sink, const struct record *record,
                    const struct values *values, enum row_outcome *ret_outcome,
                    struct refusal *ret_refusal);
code sink_coded(struct scope *scope, struct sink *sink, const struct record *record,
                const struct values *values, enum row_outcome *ret_outcome,
                struct refusal *ret_refusal);
code sink_events(struct scope *scope, struct sink *sink, const struct record *record,
                 const struct values *values, enum row_outcome *ret_outcome,
                 struct refusal *ret_refusal);
code sink_consents(struct scope *scope, struct sink *sink, const struct record *record,
                   const struct values *values, enum row_outcome *ret_outcome,
                   struct refusal *ret_refusal);

// ---- shared by the sinks ----

// Who a row is about.
struct who {
    bool known; // otherwise anonymous: the other members are not set
    struct resolution resolution;
    struct text key; // the carrying identifier's value
};

// Resolve the row's identifiers. False in *ret_taken: the row says who it is, but nothing of it can
// be read.
code sink_who(struct scope *scope, struct sink *sink, const struct record *record,
              const struct values *values, struct who *ret_who, bool *ret_taken,
              struct refusal *ret_refusal);

// Write what is held back; before each commit.
code sink_flush(struct scope *scope, struct sink *sink);
