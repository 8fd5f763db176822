// SPDX-License-Identifier: Apache-2.0
// The job of a campaign in a process of its own, for tests that kill it.
#pragma once

#include "store/store_testing.h"

// A store that answers at an https address, as mail for many asks for one; the scope has a session
// with it. Closed at the test's end, or by test_store_close.
code campaign_store_open(struct scope *scope, struct test_place place);

// As job 1, which the campaign's row has to name.
code run_campaign(struct scope *scope, int64_t id);

// Runs it in a process, on a store that nobody else has open, until the file at `path` was seen to
// grow; then, `after_us` later, the process is killed: what it has not written down yet is lost.
// False when it ended by itself.
bool kill_campaign(struct test_place place, int64_t id, const char *path, int64_t after_us);
// Runs it in a process to its end.
void finish_campaign(struct test_place place, int64_t id);
