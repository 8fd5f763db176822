// SPDX-License-Identifier: Apache-2.0
// Segments: groups of customers by a name. A segment is its condition tree (tree.h, and for people
// docs/segments.md); who is in it is worked out on the lake and kept in the ledger with the instant
// of entry. Every evaluation leaves a row of history.
#pragma once

#include "analyze/segment/tree.h"
#include "store/export_file.h"
#include "store/job.h"

enum { SEGMENT_TODAY = INT32_MIN }; // as a day of evaluation: the present one in the business zone

struct segment {
    int64_t id;
    struct text name, description;
    struct text definition; // JSON
    int64_t created_at_us, updated_at_us;
    // The last evaluation; evaluated_at_us is 0 when there was none.
    int64_t evaluated_at_us;
    int32_t as_of_day;
    int64_t size, entered, departed;
    int64_t change_id; // the lake's watermark
    struct text zone;  // of its days
    // How it follows what happens (follow.h).
    bool is_live;
    bool is_pinned;      // its last evaluation was for another day than that one's present
    struct text problem; // why it does not follow, empty: it does
};

// ---- definitions ----

// CONFLICT when the name is taken; INVALID for a name or a tree that cannot be.
code segment_create(struct scope *scope, struct text name, struct text description,
                    const struct json *definition);
// NULL and a text without data leave things as they are. INVALID also when another segment that
// refers to this one could not be evaluated any more.
code segment_update(struct scope *scope, struct text name, struct text description,
                    const struct json *definition);
// Whether its members follow what happens (follow.h); new segments do.
code segment_set_live(struct scope *scope, struct text name, bool is_live);
// CONFLICT while another segment refers to it.
code segment_delete(struct scope *scope, struct text name);
code segment_find(struct scope *scope, struct text name, struct segment *ret_segment);
// In the order of their names.
code segment_list(struct scope *scope, struct segment **ret_segments, size_t *ret_count);

// The tree of a definition; `name` as in segment_tree_read. *ret_changed_at_us is the latest change
// of a segment that it refers to (may be NULL).
code segment_tree(struct scope *scope, const struct json *definition, struct text name,
                  const struct segment_node **ret_tree, int64_t *ret_changed_at_us);
// Of a segment that stands in the ledger.
code segment_tree_of(struct scope *scope, const struct segment *segment,
                     const struct segment_node **ret_tree, int64_t *ret_changed_at_us);

// ---- evaluation ----

// Refreshes the lake and counts; keeps nothing.
code segment_count(struct scope *scope, const struct segment_node *tree, int32_t as_of_day,
                   int64_t *ret_count);
// Evaluate and keep who is in: entered members with the present instant, departed ones removed, all
// in one ledger transaction. Brings the evaluation's members of *segment up to date.
code segment_refresh(struct scope *scope, struct segment *segment, int32_t as_of_day);
// The same, unless the data, the definitions and the day are those of the last evaluation.
code segment_freshen(struct scope *scope, struct segment *segment, int32_t as_of_day);
// As a job, for large stores.
code segment_refresh_start(struct scope *scope, struct text name, int32_t as_of_day,
                           int64_t *ret_job_id);
code segment_refresh_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                         struct json_writer *result);
// The statement that evaluates it, for people who want to see it.
code segment_sql(struct scope *scope, const struct segment_node *tree, int32_t as_of_day,
                 const char **ret_sql, struct binds *ret_binds);

// ---- members ----

struct segment_reason {
    struct text words; // sum_gross in the last 90 days = 734.2 (>= 500)
    bool holds;
};

// Why each of these customers is in: *ret_reasons has for each customer, in the order given, the
// facts behind all clauses, *ret_clause_count of them.
code segment_why(struct scope *scope, const struct segment_node *tree, int32_t as_of_day,
                 const int64_t *customers, size_t customer_count,
                 struct segment_reason **ret_reasons, size_t *ret_clause_count);

// Write the members to a new file, readable by its owner only: customer, number, name, country,
// since, and e-mail and phone when the actor may see them. How many were written stands in the
// audit log before the file has its name.
code segment_export(struct scope *scope, struct segment *segment, const char *path,
                    enum export_format format, int64_t *ret_count);
