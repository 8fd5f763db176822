// SPDX-License-Identifier: Apache-2.0
// Runs the built program as its users do: a process of its own, its store in the test's folder.
#pragma once

#include "base/test.h"

#include <sys/types.h>

struct program_result {
    int exit_code; // 128 + number when a signal ended it
    struct text out;
    struct text err;
};

// Words are separated by single blanks; `input` is its standard input. TESSERA_DATA is
// test_folder/store.
struct program_result run_program(struct scope *scope, const char *words, struct text input);

// The same with its standard output going to a file; its exit code.
int run_program_into(struct scope *scope, const char *words, const char *path);

// Another program of the machine, found along PATH: its exit code (127 when it is not there), or
// what it writes to standard output and standard error.
int run_other(struct scope *scope, const char *const *words);
struct text run_other_for_output(struct scope *scope, const char *const *words);

// Start it and go on; its output is dropped. -1 when it is not there.
pid_t start_other(struct scope *scope, const char *const *words);

// A file of the source tree, by its path from the top.
struct text test_source(struct scope *scope, const char *path);

// Start it and go on; its output is dropped.
pid_t start_program(struct scope *scope, const char *words);
int wait_program(pid_t process); // its exit code

struct served {
    pid_t process;
    uint16_t port;
};

// `tessera serve` with these options (each after a blank) on a free port; killed at the test's end.
// Its events are in test_folder/serve.log.
const struct served *serve_program(struct scope *scope, const char *options);

// `tessera serve` that is killed and started again, on a free port and the socket of its folder;
// killed at the test's end. Its events are dropped.
struct mortal {
    struct scope *scope;
    const char *socket;
    pid_t process; // 0: it does not run
    int64_t slowest_start_us;
};
struct mortal *mortal_new(struct scope *scope); // it does not run yet
void mortal_start(struct mortal *mortal);       // returns when it answers
void mortal_stop(struct mortal *mortal, int signal);

// A port of 127.0.0.1 that nobody listens on now.
uint16_t free_port(void);

// nginx with this in its http block, once it listens on the port; killed at the test's end. The
// test is skipped when there is none. Its warnings are in test_folder/nginx.error.
void start_nginx(struct scope *scope, const char *http, uint16_t port);
