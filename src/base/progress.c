// SPDX-License-Identifier: Apache-2.0
#include "base/progress.h"

#include <stdarg.h>
#include <stdio.h>

static void drop_report(struct progress *progress, const char *stage, int64_t done, int64_t total,
                        const char *unit) {
    (void)progress, (void)stage, (void)done, (void)total, (void)unit;
}

static void drop_note(struct progress *progress, const char *line) {
    (void)progress, (void)line;
}

struct progress *progress_silent(void) {
    static const struct progress silent = {.report = drop_report, .note = drop_note};

    return (struct progress *)&silent;
}

void progress_report(struct progress *progress, const char *stage, int64_t done, int64_t total,
                     const char *unit) {
    progress->report(progress, stage, done, total, unit);
}

void progress_note(struct progress *progress, const char *format, ...) {
    char line[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    progress->note(progress, line);
}
