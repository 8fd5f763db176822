// SPDX-License-Identifier: Apache-2.0
// Imports: a file's rows taken in, once each, or put into quarantine. An import is a job: it shows
// its progress, can be cancelled, and goes on where it stopped, after a crash too. What it did is a
// batch that can be taken back.
//
// For every row read: it is accepted, or a duplicate (nothing new), or in quarantine. Nothing else
// happens.
#pragma once

#include "base/json.h"
#include "plug/import/mapping.h"
#include "plug/import/sink.h"

struct import_tally {
    int64_t read, accepted, duplicate, quarantined;
};

struct import {
    int64_t id, job_id;
    struct text kind, source, path, state; // running, done, undoing, undone
    struct text file_name;                 // what people call the file
    struct text mapping;                   // JSON
    struct text file_digest;
    int64_t file_bytes;
    int64_t row_offset; // rows of the file dealt with
    struct import_tally tally;
    struct import_counts counts;
    int64_t created_at_us, finished_at_us, undone_at_us; // 0: not yet
};

// The job kinds "import" and "import_undo" (store/job.h).
code import_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result);
code import_undo_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                     struct json_writer *result);

// The file of an import.
struct import_file {
    const char *path;   // where it lies
    struct text name;   // what people call it
    struct text upload; // its handle when it was sent (plug/upload); empty when the path was named
};

// A file named by its path, which is made absolute, so that a job can go on from any folder.
// NOT_FOUND.
code import_file_at(struct scope *scope, struct text path, struct import_file *ret_file);
// A file that was sent. NOT_FOUND.
code import_file_sent(struct scope *scope, struct text id, struct import_file *ret_file);

// Record the job of an import by a mapping that is complete. With `dry_run` it will do all the work
// and keep nothing of it.
code import_start(struct scope *scope, const struct import_file *file,
                  const struct mapping *mapping, bool dry_run, int64_t *ret_job_id);
// Import a file as a part of a job, which may consist of several, each with a path of its own. Goes
// on where it stopped; one that is done is left as it is.
code import_file_run(struct scope *scope, int64_t job_id, const struct import_file *file,
                     const struct mapping *mapping, struct import *ret_import);
// Record the job that takes an import back. CONFLICT when it still runs or is undone already.
code import_undo_start(struct scope *scope, int64_t import_id, int64_t *ret_job_id);

code import_find(struct scope *scope, int64_t id, struct import *ret_import);
// Newest first; before_id 0 for the first page.
code import_list(struct scope *scope, int64_t before_id, int limit, struct import **ret_imports,
                 size_t *ret_count);

// ---- rows that could not be taken ----

struct quarantined {
    int64_t row, line;
    struct text reason, field, message, state; // waiting, replayed, discarded
    struct text raw;                           // bytes as they stood in the file
    int64_t received_at_us;                    // by a source that sends; 0: of a file
    bool is_part;                              // the event was taken, but for this
};

code quarantine_add(struct scope *scope, int64_t import_id, const struct record *record,
                    const struct refusal *refusal);
// What is asked for; empty texts for everything.
struct quarantine_filter {
    struct text state;  // one of quarantine_states
    struct text reason; // "bad_date"
};
extern const char *const quarantine_states[]; // waiting, replayed, discarded; ends with NULL
code quarantine_list(struct scope *scope, int64_t import_id, const struct quarantine_filter *filter,
                     int64_t after_row, int limit, struct quarantined **ret_rows,
                     size_t *ret_count);
// Replace the bytes of a waiting row by mended ones.
code quarantine_fix(struct scope *scope, int64_t import_id, int64_t row, struct text raw);
// Give waiting rows up: they are kept and counted, and not tried again. row 0: all of the import.
code quarantine_discard(struct scope *scope, int64_t import_id, int64_t row, int64_t *ret_count);
// Try the waiting rows again, with another mapping if one is given (NULL: the import's own).
code quarantine_replay(struct scope *scope, int64_t import_id, const struct mapping *mapping,
                       struct import_tally *ret_tally);
// One row, if it waits still.
code quarantine_find_waiting(struct scope *scope, int64_t import_id, int64_t row,
                             struct quarantined *ret_row, bool *ret_is_waiting);
// What came of trying a row again: taken (NULL), or why it still waits. CONFLICT: it was settled,
// or given up, by somebody else.
code quarantine_settle(struct scope *scope, int64_t import_id, int64_t row,
                       const struct refusal *refusal);
// Reasons with their counts, most frequent first, written as a table {"columns", "rows"}.
code quarantine_summary(struct scope *scope, int64_t import_id, struct json_writer *writer);

// ---- shared by import.c and quarantine.c ----

// Make a sink ready for a file with these columns; `mapping` must outlive it.
code sink_open(struct scope *scope, struct sink *sink, int64_t import_id,
               const struct mapping *mapping, struct text file_name, const struct text *columns,
               size_t column_count);
void sink_close(struct sink *sink);
// Take one record: its outcome is counted in `tally`, a refused one goes to quarantine.
code sink_record(struct scope *scope, struct sink *sink, const struct record *record,
                 struct import_tally *tally);
// Keep tally, counts and place in the import's row.
code import_checkpoint(struct scope *scope, const struct import *import);
