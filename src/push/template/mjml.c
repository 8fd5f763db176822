// SPDX-License-Identifier: Apache-2.0
// The compiler reads the file as its standard input, for it would write a file's name into the
// HTML, and writes into files without a name, so that it never waits for who reads them.
#include "push/template/mjml.h"

#include "base/limits.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_COMPLAINT_BYTES = 600, NO_COMPILER = 127, KILLED = 128 };

extern char **environ;

bool is_mjml(const char *path) {
    return text_ends_with(text_of(path), TEXT(".mjml"));
}

static void close_file(const int *file) {
    if (*file >= 0)
        close(*file);
}

// The status it ended with; NO_COMPILER when there is no such program.
static int run(int file, int html, int complaints) {
    char program[] = "mjml", from_input[] = "-i", to_output[] = "-s",
         strictly[] = "--config.validationLevel=strict";
    char *const arguments[] = {program, from_input, to_output, strictly, NULL};
    posix_spawn_file_actions_t actions;
    int status, failure;
    pid_t process;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, html, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, complaints, STDERR_FILENO);
    failure = posix_spawnp(&process, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure)
        return NO_COMPILER;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED;
}

// What stands in it, at most so much.
static struct text contents(struct scope *scope, int file, size_t most_bytes) {
    const off_t end = lseek(file, 0, SEEK_END);
    const size_t size = end > 0 && (size_t)end < most_bytes ? (size_t)end : most_bytes;
    char *const bytes = arena_alloc(&scope->arena, size + 1);
    const ssize_t got = end > 0 ? pread(file, bytes, size, 0) : 0;

    return (struct text){bytes, got > 0 ? (size_t)got : 0};
}

// The compiler's note of which file it was stands in the first line.
static struct text without_note(struct text html) {
    struct text rest;

    if (!text_starts_with(html, TEXT("<!-- FILE:")))
        return html;
    text_split(html, '\n', &rest);
    return rest;
}

code mjml_to_html(struct scope *scope, const char *path, struct text *ret_html) {
    CLEANUP(close_file) const int file = open(path, O_RDONLY | O_CLOEXEC);
    CLEANUP(close_file) const int out = memfd_create("html", MFD_CLOEXEC);
    CLEANUP(close_file) const int complaints = memfd_create("complaints", MFD_CLOEXEC);
    struct text html;
    int status;

    if (file < 0)
        return scope_fail(scope, NOT_FOUND, "file \"%s\" cannot be read", path);
    if (out < 0 || complaints < 0)
        return scope_fail(scope, INTERNAL, "there is no memory for what the MJML compiler writes");
    status = run(file, out, complaints);
    if (status == NO_COMPILER) {
        scope_fail(scope, UNAVAILABLE, "there is no MJML compiler to read \"%s\"", path);
        return scope_hint(scope, "install the program mjml, or give a file of HTML");
    }
    if (status != 0)
        return scope_fail(scope, INVALID, "mjml refuses \"%s\": %.*s", path,
                          TEXT_ARG(text_trim(contents(scope, complaints, MOST_COMPLAINT_BYTES))));
    html = contents(scope, out, LIMIT_JSON_BYTES + 1);
    if (html.size > LIMIT_JSON_BYTES)
        return scope_fail(scope, TOO_LARGE, "the HTML of \"%s\" is too large", path);
    *ret_html = without_note(html);
    return OK;
}
