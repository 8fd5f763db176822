// SPDX-License-Identifier: Apache-2.0
// The retailer as a job: its files are made in a folder of the store and imported one after the
// other. A store that nothing was imported into takes the retailer's time zone, country and
// currency; any other keeps its settings.
#pragma once

#include "base/json.h"
#include "plug/sample/sample.h"

// Record the job. INVALID with the field for options out of range.
code sample_start(struct scope *scope, const struct sample_options *options, int64_t *ret_job_id);

// The job kind "sample" (store/job.h). Its result is a table of the files.
code sample_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result);
