// SPDX-License-Identifier: Apache-2.0
// What of a source was kept apart is tried again, after it was mended, or its source's schema was
// changed, or what it refers to has come. It is kept as imports keep their rows, with the source's
// id in the place of an import's (plug/import/import.h lists, mends and discards), but for a
// webhook's, which are rows of an import.
#pragma once

#include "plug/import/import.h"

struct sender;

// row 0: all that wait. In transactions of its own, of some hundred messages, each of which is then
// taken or waits with the reason of today; interrupted, it goes on with those that wait. Times, ids
// and figures are those of when it came. NOT_FOUND: the source, or the row does not wait.
code collect_replay(struct scope *scope, int64_t sender_id, int64_t row,
                    struct import_tally *ret_tally);

// Record the job that does it: the kind "source_replay" (store/job.h). Its result counts the
// messages tried, accepted, duplicate and quarantined still.
code collect_replay_start(struct scope *scope, const struct sender *sender, int64_t row,
                          int64_t *ret_job_id);
code collect_replay_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                        struct json_writer *result);
