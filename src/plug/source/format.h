// SPDX-License-Identifier: Apache-2.0
// What each format gives to source.c, and what they share. Private to this folder.
//
// To add a format: an enumerator and a name in source.h/.c, its struct format in a file of its own,
// a line in formats[] of source.c, its mark in sniff.c, tests.
#pragma once

#include "plug/source/csv.h"
#include "plug/source/stream.h"
#include "plug/source/window.h"

struct fixed_width;
struct json_lines;
struct parquet;

// The state of whichever format it is; the others' members are zero.
struct source {
    const struct format *format;
    struct arena arena; // the dialect's columns, the path
    const char *path;
    struct source_dialect dialect;
    struct stream *stream; // NULL for Parquet, and for records in memory
    struct window window;
    struct csv csv;
    struct fixed_width *fixed_width;
    struct json_lines *json_lines;
    struct parquet *parquet;
};

struct format {
    // The dialect is complete and the window, if the format is text, open at the file's beginning.
    code (*open)(struct scope *scope, struct source *source);
    void (*close)(struct source *source); // also after an open that failed
    code (*pass_header)(struct scope *scope, struct source *source); // NULL: there is none
    code (*next)(struct scope *scope, struct source *source, struct record *ret_record,
                 bool *ret_end);
    code (*pass)(struct scope *scope, struct source *source, bool *ret_end); // one record
    // Rows in place of bytes, for progress; NULL: the stream tells.
    int64_t (*rows_read)(const struct source *source);
    int64_t (*rows_total)(const struct source *source);
};

extern const struct format csv_format;
extern const struct format fixed_width_format;
extern const struct format json_lines_format;
extern const struct format parquet_format;

static inline bool source_is_transcoded(const struct source_dialect *dialect) {
    return dialect->encoding == SOURCE_UTF16LE || dialect->encoding == SOURCE_UTF16BE;
}
