// SPDX-License-Identifier: Apache-2.0
// The runner: `tessera_tests [WORD …]` runs the tests whose file or name holds one of the words.
// `--note FILE` writes down which of them depend on the kind of store that they are run on;
// `--listed FILE` runs the noted ones alone, for the second kind.
// A failed check leaves its test by longjmp; what the test held then is the leak checker's to
// forgive, so sanitizer runs are judged on passing tests.
#include "base/test.h"

#include <ftw.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static struct {
    struct test *first;
    jmp_buf leave;
    enum { PASSED, FAILED, SKIPPED } outcome;
    char folder[64];
    struct {
        void (*function)(void *argument);
        void *argument;
    } at_end[8];
    size_t at_end_count;
    int counts[3];
    FILE *note; // of those who depend on the store; NULL: nobody wants to know
    bool depends_on_store;
} runner;

void test_register(struct test *test) {
    struct test **place = &runner.first;

    while (*place &&
           (strcmp((*place)->file, test->file) < 0 ||
            (strcmp((*place)->file, test->file) == 0 && strcmp((*place)->name, test->name) < 0)))
        place = &(*place)->next;
    test->next = *place;
    *place = test;
}

void test_fail(const char *file, int line, const char *format, ...) {
    va_list arguments;

    fprintf(stderr, "  %s:%d: ", file, line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    runner.outcome = FAILED;
    longjmp(runner.leave, 1);
}

void test_skip(const char *reason) {
    printf("  skipped: %s\n", reason);
    runner.outcome = SKIPPED;
    longjmp(runner.leave, 1);
}

void test_depends_on_store(void) {
    runner.depends_on_store = true;
}

void test_check_int(const char *file, int line, const char *what, int64_t actual,
                    int64_t expected) {
    if (actual != expected)
        test_fail(file, line, "%s is %lld, expected %lld", what, (long long)actual,
                  (long long)expected);
}

void test_check_text(const char *file, int line, const char *what, struct text actual,
                     const char *expected) {
    if (!text_is(actual, expected))
        test_fail(file, line, "%s is \"%.*s\", expected \"%s\"", what, TEXT_ARG(actual), expected);
}

void test_check_close(const char *file, int line, const char *what, double actual, double expected,
                      double tolerance) {
    const double magnitude = fmax(fabs(actual), fabs(expected));

    if (!(fabs(actual - expected) <= tolerance * magnitude))
        test_fail(file, line, "%s is %.17g, expected %.17g", what, actual, expected);
}

void test_check_code(const char *file, int line, const char *what, const struct scope *scope,
                     code actual, code expected) {
    if (actual != expected)
        test_fail(file, line, "%s gives %s, expected %s (%s; %s)", what, code_info(actual)->name,
                  code_info(expected)->name, scope->failure.message, scope->failure.detail);
}

bool test_is_same(const void *a, const void *b, size_t size) {
    return memcmp(a, b, size) == 0;
}

bool test_is_instrumented(void) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

pid_t test_fork(void) {
    const pid_t parent = getpid();
    const pid_t process = fork();

    if (process < 0)
        test_fail(__FILE__, __LINE__, "cannot start a process");
    if (process == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent))
        _exit(1);
    return process;
}

const char *test_folder(struct scope *scope) {
    if (runner.folder[0] == '\0') {
        snprintf(runner.folder, sizeof(runner.folder), "/tmp/tessera-test-XXXXXX");
        if (!mkdtemp(runner.folder))
            test_fail(__FILE__, __LINE__, "cannot make a folder in /tmp");
    }
    return arena_printf(&scope->arena, "%s", runner.folder);
}

const char *test_file(struct scope *scope, const char *name, struct text content) {
    const char *path = arena_printf(&scope->arena, "%s/%s", test_folder(scope), name);
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(content.data ? content.data : "", 1, content.size, file) != content.size ||
        fclose(file) != 0)
        test_fail(__FILE__, __LINE__, "cannot write %s", path);
    return path;
}

const char *test_shared_data(struct scope *scope, const char *name) {
    const char *path = arena_printf(&scope->arena, "%s/%s", TEST_SHARED_DATA, name);

    if (access(path, R_OK) == 0)
        return path;
    if (getenv("CI"))
        test_fail(__FILE__, __LINE__, "real data %s is missing", path);
    test_skip("the folder of real data is not here");
}

void test_at_end(void (*function)(void *argument), void *argument) {
    if (runner.at_end_count == sizeof(runner.at_end) / sizeof(*runner.at_end))
        test_fail(__FILE__, __LINE__, "too much is to be done at the end of the test");
    runner.at_end[runner.at_end_count].function = function;
    runner.at_end[runner.at_end_count++].argument = argument;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status, (void)type, (void)walk;
    return remove(path);
}

void test_remove_folder(const char *path) {
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void run_test(const struct test *test) {
    static const char *const words[] = {"ok  ", "FAIL", "skip"};
    struct timespec begin, end;
    struct scope scope;

    scope_init(&scope);
    runner.outcome = PASSED;
    runner.depends_on_store = false;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    if (setjmp(runner.leave) == 0)
        test->run(&scope);
    while (runner.at_end_count > 0) {
        runner.at_end_count--;
        runner.at_end[runner.at_end_count].function(runner.at_end[runner.at_end_count].argument);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    scope_clear(&scope);
    if (runner.folder[0] != '\0')
        test_remove_folder(runner.folder);
    runner.folder[0] = '\0';
    runner.counts[runner.outcome]++;
    if (runner.note && runner.depends_on_store)
        fprintf(runner.note, "%s\n", test->name);
    printf("%s %-80s %6.0f ms\n", words[runner.outcome], test->name,
           (double)(end.tv_sec - begin.tv_sec) * 1e3 + (double)(end.tv_nsec - begin.tv_nsec) / 1e6);
    fflush(NULL); // nothing for a child of the next test to write a second time
}

// Signals are as at a terminal, here and in what tests start: whoever runs tests in the background
// may have had them ignored.
static void take_signals(void) {
    static const int numbers[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        signal(numbers[i], SIG_DFL);
}

static bool is_listed(FILE *list, const char *name) {
    char line[256];

    rewind(list);
    while (fgets(line, sizeof(line), list)) {
        line[strcspn(line, "\n")] = '\0';
        if (strcmp(line, name) == 0)
            return true;
    }
    return false;
}

static bool is_wanted(const struct test *test, FILE *list, char **words) {
    if (list && !is_listed(list, test->name))
        return false;
    for (size_t i = 0; words[i]; i++)
        if (strstr(test->name, words[i]) || strstr(test->file, words[i]))
            return true;
    return !words[0];
}

static FILE *open_or_leave(const char *path, const char *mode) {
    FILE *file = fopen(path, mode);

    if (file)
        return file;
    fprintf(stderr, "%s cannot be opened\n", path);
    exit(2);
}

int main(int argc, char **argv) {
    const char *store = getenv("TESSERA_TEST_STORE");
    FILE *list = NULL;

    for (; argc > 2 && strncmp(argv[1], "--", 2) == 0; argc -= 2, argv += 2) {
        if (strcmp(argv[1], "--note") == 0)
            runner.note = open_or_leave(argv[2], "w");
        else if (strcmp(argv[1], "--listed") == 0)
            list = open_or_leave(argv[2], "r");
    }
    take_signals();
    if (store)
        printf("the store of tests is in %s\n", store);
    for (const struct test *test = runner.first; test; test = test->next)
        if (is_wanted(test, list, argv + 1))
            run_test(test);
    if (runner.note)
        fclose(runner.note);
    if (list)
        fclose(list);
    printf("%d passed, %d failed, %d skipped\n", runner.counts[PASSED], runner.counts[FAILED],
           runner.counts[SKIPPED]);
    return runner.counts[FAILED] > 0;
}
