// SPDX-License-Identifier: Apache-2.0
// The mail server of tests (tests/smtp_sink.mjs), as a process.
#pragma once

#include "base/test.h"

#include <sys/types.h>

struct smtp_sink {
    pid_t process;
    int port;
    const char *taken; // a line of JSON for each mail that it took
};

// Options: words, NULL-terminated. Killed at the test's end. One that is started again takes mails
// to the same file. The test is skipped where there is no node.
struct smtp_sink *smtp_sink_new(struct scope *scope); // it does not run yet
void smtp_sink_start(struct scope *scope, struct smtp_sink *sink, const char *const *options);
bool smtp_sink_runs(struct smtp_sink *sink);
