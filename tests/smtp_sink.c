// SPDX-License-Identifier: Apache-2.0
#include "tests/smtp_sink.h"

#include "tests/program.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void stop(void *argument) {
    struct smtp_sink *sink = argument;

    if (!smtp_sink_runs(sink))
        return;
    kill(sink->process, SIGKILL);
    wait_program(sink->process);
}

struct smtp_sink *smtp_sink_new(struct scope *scope) {
    struct smtp_sink *sink = arena_alloc(&scope->arena, sizeof(*sink));

    *sink =
        (struct smtp_sink){.taken = arena_printf(&scope->arena, "%s/taken", test_folder(scope))};
    test_at_end(stop, sink);
    return sink;
}

void smtp_sink_start(struct scope *scope, struct smtp_sink *sink, const char *const *options) {
    const char *port_file = arena_printf(&scope->arena, "%s/port", test_folder(scope));
    const char *words[16] = {"node", TEST_SOURCE "/tests/smtp_sink.mjs", port_file, sink->taken};
    FILE *file;

    for (size_t i = 0; options[i]; i++)
        words[4 + i] = options[i];
    unlink(port_file);
    sink->process = start_other(scope, words);
    if (sink->process < 0)
        test_skip("there is no node");
    for (int i = 0; i < 1500 && access(port_file, F_OK) != 0; i++)
        usleep(20000);
    file = fopen(port_file, "r");
    CHECK(file && fscanf(file, "%d", &sink->port) == 1);
    fclose(file);
}

bool smtp_sink_runs(struct smtp_sink *sink) {
    if (sink->process > 0 && waitpid(sink->process, &(int){0}, WNOHANG) == sink->process)
        sink->process = 0;
    return sink->process > 0;
}
