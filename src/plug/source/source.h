// SPDX-License-Identifier: Apache-2.0
// Any delivered file as a stream of records: CSV in every dialect, fixed width, JSON Lines,
// Parquet; plain or gzip; UTF-8, UTF-16, Latin-1 or Windows-1252. It finds out by itself what the
// file is. It knows no database and no meaning of columns: that is the import's business.
#pragma once

#include "base/scope.h"

#include <stdbool.h>
#include <stdint.h>

// ---- what a file is ----

// Zero means "find out" in each of these; source_sniff leaves none at zero.
enum source_format {
    SOURCE_FORMAT_AUTO,
    SOURCE_CSV, // any delimiter; delimiter ' ' stands for a run of blanks, of any length
    SOURCE_FIXED_WIDTH,
    SOURCE_JSON_LINES,
    SOURCE_PARQUET,
};
enum source_encoding {
    SOURCE_ENCODING_AUTO,
    SOURCE_UTF8,
    SOURCE_UTF16LE,
    SOURCE_UTF16BE,
    SOURCE_LATIN1,
    SOURCE_WINDOWS_1252,
};
enum source_compression { SOURCE_COMPRESSION_AUTO, SOURCE_PLAIN, SOURCE_GZIP };
enum source_header { SOURCE_HEADER_AUTO, SOURCE_HEADER_PRESENT, SOURCE_HEADER_ABSENT };

// How mappings, answers and reports spell them: "auto", "csv", "fixed_width" …; NULL-terminated, in
// the order of the enums, so they serve as the choices of a JSON field.
extern const char *const source_format_names[];
extern const char *const source_encoding_names[];
extern const char *const source_compression_names[];
extern const char *const source_header_names[];

#define SOURCE_QUOTE_NONE '\n' // a quote mark in the file is a character like any other

struct source_column {
    struct text name;
    size_t start, width; // fixed width only: characters, the first of a line is 0
};

// What a mapping may pin down. A zero-initialised dialect leaves everything to be found out.
struct source_dialect {
    enum source_format format;
    enum source_encoding encoding;
    enum source_compression compression;
    enum source_header header;
    char delimiter; // CSV only
    char quote;     // CSV only: mostly '"', or SOURCE_QUOTE_NONE
    // In the order of a record's fields. Pinned columns give the names where a file has none of its
    // own, the places in fixed width, and the members taken from JSON; the header of a CSV file and
    // the schema of a Parquet file go before pinned names.
    const struct source_column *columns;
    size_t column_count;
};

// Complete `given` (NULL: all zero) from the first 256 KiB of the file, inflated; where they are
// ASCII, the encoding of a file that is not packed also from lines farther on. What is given
// stands, true or not. Names are unique and never empty: "col3", "price_2". The columns live as
// long as the scope. Fails with NOT_FOUND, FORBIDDEN, INVALID (a folder, no text, nothing in it, an
// unreadable Parquet), TOO_LARGE (columns).
code source_sniff(struct scope *scope, const char *path, const struct source_dialect *given,
                  struct source_dialect *ret_dialect);

// ---- reading ----

// One record: a line of CSV (more than one with quoted newlines), of fixed width, of JSON Lines, a
// row of Parquet. Its slices are valid until the next call on the source.
struct record {
    int64_t row;  // from 1; the header and blank lines are not counted, faulty records are
    int64_t line; // the physical line on which it begins, from 1, the header counted
    int64_t
        offset_bytes; // where raw begins, in the inflated file as UTF-8, without byte order mark
    // The record without its line end, as it stood in the file; of a file that is not UTF-8 its
    // transcription to UTF-8; of Parquet the row as a JSON object. Fit for source_parse.
    struct text raw;
    // As many as there are columns unless there is a fault; unquoted, not trimmed (fixed width:
    // trimmed). A missing value, a JSON null and an empty cell all have size 0. An array in JSON
    // stays JSON text; nested objects are columns "a.b"; members that are no column stand as a JSON
    // object in the last column, "_extra".
    const struct text *fields;
    size_t field_count;
    // NULL, or why the record cannot be taken. `fault` is a sentence for people with the value
    // shown, `fault_code` one of: unbalanced_quotes, field_count, encoding, too_long,
    // outside_columns, json. The fields are then as far as they could be read.
    const char *fault;
    const char *fault_code;
};

// Not shared between threads (one that reads ahead stands behind it). Owns all its memory, so
// scopes may come and go between the calls.
struct source;

// Opens at the first record. What `dialect` leaves open (NULL: all) is found out as by
// source_sniff, and fails as that does.
code source_open(struct scope *scope, const char *path, const struct source_dialect *dialect,
                 struct source **ret_source);
void source_close(struct source **source); // for CLEANUP; NULL inside is fine

// The next record; *ret_end true and the record untouched after the last one. A faulty record is no
// failure. Fails with INVALID when the file is damaged (gzip, Parquet), UNAVAILABLE when the system
// cannot read it: then the source can only be closed.
code source_next(struct scope *scope, struct source *source, struct record *ret_record,
                 bool *ret_end);

// Pass over records, as many as `rows` calls of source_next would give, but quicker: to resume.
// Numbering goes on as if they had been read. Fails with INVALID when the file has fewer.
code source_skip(struct scope *scope, struct source *source, int64_t rows);

// The dialect with nothing left open, its columns included. Lives as long as the source.
const struct source_dialect *source_dialect(const struct source *source);
size_t source_column_count(const struct source *source);
struct text source_column_name(const struct source *source, size_t index);

// For progress: bytes of the file on disk taken so far (compressed ones of a gzip), and its size.
// For Parquet they count rows.
int64_t source_bytes_read(const struct source *source);
int64_t source_bytes_total(const struct source *source);

// ---- one record again ----

// Read `raw` (of a quarantined record, perhaps mended) as one record in a complete dialect, as
// source_dialect gives it. Row, line and offset are 0. Fields live as long as the scope, or raw.
// A fault is told in the record, also when raw holds more or less than one record ("record_count").
code source_parse(struct scope *scope, const struct source_dialect *dialect, struct text raw,
                  struct record *ret_record);

// ---- is it still the same file? ----

struct source_digest {
    int64_t size_bytes;
    char hash[65]; // BLAKE2b-256 of the size and the first and the last MiB, hexadecimal
};
code source_digest(struct scope *scope, const char *path, struct source_digest *ret_digest);
