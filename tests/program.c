// SPDX-License-Identifier: Apache-2.0
#include "tests/program.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_WORDS = 64 };

static void become_program(struct scope *scope, const char *line, int in, int out, int err) {
    char *words[MOST_WORDS] = {TEST_PROGRAM};
    struct text rest = text_of(line);
    int count = 1;

    while (rest.size > 0 && count + 1 < MOST_WORDS)
        words[count++] = text_string(&scope->arena, text_split(rest, ' ', &rest));
    setenv("TESSERA_DATA", arena_printf(&scope->arena, "%s/store", test_folder(scope)), 1);
    setenv("TZ", "UTC", 1);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execv(TEST_PROGRAM, words);
    _exit(127);
}

static pid_t start(struct scope *scope, const char *words, int in, int out, int err) {
    const pid_t process = fork();

    CHECK(process >= 0);
    if (process == 0)
        become_program(scope, words, in, out, err);
    return process;
}

int wait_program(pid_t process) {
    int status;

    CHECK(waitpid(process, &status, 0) == process);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

pid_t start_program(struct scope *scope, const char *words) {
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    const pid_t process = start(scope, words, null, null, null);

    close(null);
    return process;
}

static int scratch(struct scope *scope, const char *name, struct text content) {
    const char *path = test_file(scope, name, content);
    const int file = open(path, O_RDWR | O_CLOEXEC);

    CHECK(file >= 0);
    return file;
}

static struct text contents(struct scope *scope, int file) {
    const off_t size = lseek(file, 0, SEEK_END);
    char *data = arena_alloc(&scope->arena, (size_t)size + 1);

    CHECK(pread(file, data, (size_t)size, 0) == size);
    close(file);
    return (struct text){.data = data, .size = (size_t)size};
}

struct program_result run_program(struct scope *scope, const char *words, struct text input) {
    const int in = scratch(scope, "in", input);
    const int out = scratch(scope, "out", (struct text){0});
    const int err = scratch(scope, "err", (struct text){0});
    struct program_result result;

    result.exit_code = wait_program(start(scope, words, in, out, err));
    close(in);
    result.out = contents(scope, out);
    result.err = contents(scope, err);
    return result;
}

int run_program_into(struct scope *scope, const char *words, const char *path) {
    const int in = scratch(scope, "in", (struct text){0});
    const int out = open(path, O_WRONLY | O_CLOEXEC);
    const int err = scratch(scope, "err", (struct text){0});
    int exit_code;

    CHECK(out >= 0);
    exit_code = wait_program(start(scope, words, in, out, err));
    close(in);
    close(out);
    close(err);
    return exit_code;
}

static int run_other_into(struct scope *scope, const char *const *words, int out) {
    char *copies[MOST_WORDS] = {NULL};
    const pid_t process = fork();
    int count = 0;

    CHECK(process >= 0);
    if (process == 0) {
        do
            copies[count] = arena_printf(&scope->arena, "%s", words[count]);
        while (words[++count] && count + 1 < MOST_WORDS);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        execvp(copies[0], copies);
        _exit(127);
    }
    return wait_program(process);
}

int run_other(struct scope *scope, const char *const *words) {
    const int out = scratch(scope, "other", (struct text){0});
    const int exit_code = run_other_into(scope, words, out);

    close(out);
    return exit_code;
}

struct text run_other_for_output(struct scope *scope, const char *const *words) {
    const int out = scratch(scope, "other", (struct text){0});

    run_other_into(scope, words, out);
    return contents(scope, out);
}

struct text test_source(struct scope *scope, const char *path) {
    const int file =
        open(arena_printf(&scope->arena, "%s/%s", TEST_SOURCE, path), O_RDONLY | O_CLOEXEC);

    CHECK(file >= 0);
    return contents(scope, file);
}
