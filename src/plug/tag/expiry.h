// SPDX-License-Identifier: Apache-2.0
// How long an audience that is counted without consent may be kept: events that came while their
// site's tag was in the exempt mode, and what was kept apart meanwhile, are deleted after 25
// months, by a job that the collector asks for once a day. Events that were collected under a
// consent, or imported, are none of its business. The same job forgets, of any source, the bytes of
// what was kept apart, after as many days as the setting quarantine_days says: what still waits is
// given up.
#pragma once

#include "base/json.h"
#include "base/scope.h"

enum { EXEMPT_KEPT_DAYS = 760 }; // within 25 months, whichever they are

// The job kind "expiry" (store/job.h). In transactions of their own: interrupted, it goes on.
code expiry_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result);
// Record the job, when a site has been in the exempt mode for so long and nobody looked for a day,
// or something is kept apart for too long.
// *ret_job_id is 0 when there is nothing to do.
code expiry_start_if_due(struct scope *scope, int64_t *ret_job_id);
