// SPDX-License-Identifier: Apache-2.0
// A thread beside a running job that hears requests to stop, whether the job happens to look or
// not: from the row, which another process may write, and from whoever started the work.
#pragma once

#include "base/scope.h"

struct job_watch;

code job_watch_start(struct scope *scope, int64_t job_id, struct job_watch **ret_watch);
void job_watch_stop(struct job_watch *watch);
// True once somebody asked. Lives until job_watch_stop.
const atomic_bool *job_watch_cancelled(const struct job_watch *watch);
