// SPDX-License-Identifier: Apache-2.0
// A retailer that does not exist, simulated and written as the files that such a firm would
// deliver: stores, staff, products, customers, receipts, events and consents as CSV, with a
// README.txt. The same options give the same bytes (from one build of the program). Memory holds
// the customers (56 bytes each) and one day, never the sales.
//
// Linde & Falter is a chain of neighbourhood stores in Germany with a web shop: food and everyday
// goods at 7 % and 19 % value added tax, gift cards at none, prices with the tax in them.
#pragma once

#include "base/scope.h"

enum { SAMPLE_YEARS_MAXIMUM = 20 };
// Where the retailer is.
#define SAMPLE_ZONE     "Europe/Berlin"
#define SAMPLE_COUNTRY  "DE"
#define SAMPLE_CURRENCY "EUR"

#define SAMPLE_CUSTOMERS_MAXIMUM INT64_C(50000000)

struct sample_options {
    int64_t customers; // registered ones; 0: as many as `lines` suggests, or 10,000
    int64_t lines;     // of receipts, within a few percent; 0: twelve per customer and year
    uint64_t seed;
    int32_t last_day; // of the simulation
    int years;        // 1 … SAMPLE_YEARS_MAXIMUM
};

struct sample_counts {
    int64_t customers, consents, products, receipts, refunds, anonymous, lines, events;
    int64_t bytes; // of all files
};

// 10,000 customers, three years until yesterday (UTC), seed 1.
struct sample_options sample_default_options(const struct scope *scope);

// INVALID with the field for options out of range.
code sample_check(struct scope *scope, const struct sample_options *options);
// Write the files into a folder, which is made when it is missing; files of the same names are
// replaced. INVALID with the field for options out of range; UNAVAILABLE or STORAGE_FULL when a
// file cannot be written; CANCELLED. A file has its name only when it is complete. Progress counts
// lines.
code sample_write(struct scope *scope, const struct sample_options *options, const char *folder,
                  struct sample_counts *ret_counts);

// The files in the order in which an import takes them, and what each holds ("stores", …): ends
// with NULLs.
struct sample_file {
    const char *name; // "stores.csv"
    const char *kind;
};
extern const struct sample_file sample_files[];
