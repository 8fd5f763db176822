// SPDX-License-Identifier: Apache-2.0
// Threads of a server that run the jobs which requests queue: heavy ones one at a time and in
// order, light ones beside them. They sleep while nothing is queued.
#pragma once

#include "store/job.h"
#include "store/store.h"

struct job_runner;

// Takes up what waits, jobs that a crash or an earlier stop interrupted among them. The kinds and
// the store must outlive the runner.
code job_runner_start(struct scope *scope, struct store *store, const struct job_kind *kinds,
                      size_t kind_count, struct job_runner **ret_runner);
// Jobs that run are interrupted at their next safe point; the next runner takes them up again.
// False when one has not come to such a point after grace_ms: the process must then end without
// closing the store, and the job is taken up as after a crash. Takes NULL.
bool job_runner_stop(struct job_runner *runner, int grace_ms);
