// SPDX-License-Identifier: Apache-2.0
// Tests: TEST(a_sentence_about_the_behaviour) { CHECK(…); } in a *_test.c beside the code. A failed
// check is reported and ends its test; the others go on.
#pragma once

#include "base/scope.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct test {
    const char *name;
    const char *file;
    void (*run)(struct scope *scope); // a fresh scope each, without a session
    struct test *next;
};

void test_register(struct test *test);

#define TEST(test_name)                                                                            \
    static void test_name(struct scope *scope);                                                    \
    __attribute__((constructor)) static void register_##test_name(void) {                          \
        static struct test test = {.name = #test_name, .file = __FILE__, .run = test_name};        \
        test_register(&test);                                                                      \
    }                                                                                              \
    static void test_name(__attribute__((unused)) struct scope *scope)

// Each leaves the test when it fails.
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            test_fail(__FILE__, __LINE__, "%s", #condition);                                       \
    } while (0)
#define CHECK_INT(actual, expected)                                                                \
    test_check_int(__FILE__, __LINE__, #actual, (actual), (expected))
#define CHECK_TEXT(actual, expected)                                                               \
    test_check_text(__FILE__, __LINE__, #actual, (actual), (expected))
#define CHECK_STRING(actual, expected)                                                             \
    test_check_text(__FILE__, __LINE__, #actual, text_of(actual), (expected))
// Relative to the larger magnitude.
#define CHECK_CLOSE(actual, expected, tolerance)                                                   \
    test_check_close(__FILE__, __LINE__, #actual, (actual), (expected), (tolerance))
#define CHECK_OK(call) test_check_code(__FILE__, __LINE__, #call, scope, (call), OK)
#define CHECK_CODE(call, expected)                                                                 \
    test_check_code(__FILE__, __LINE__, #call, scope, (call), (expected))

_Noreturn void test_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// The test cannot run here; the reason is printed and counted.
_Noreturn void test_skip(const char *reason);
// Says that what this test does depends on the kind of store that the tests are run on.
void test_depends_on_store(void);

void test_check_int(const char *file, int line, const char *what, int64_t actual, int64_t expected);
void test_check_text(const char *file, int line, const char *what, struct text actual,
                     const char *expected);
void test_check_close(const char *file, int line, const char *what, double actual, double expected,
                      double tolerance);
void test_check_code(const char *file, int line, const char *what, const struct scope *scope,
                     code actual, code expected);

// Bit for bit: of numbers, to the last digit.
bool test_is_same(const void *a, const void *b, size_t size);

// Whether a sanitizer watches: it keeps what was freed, has calls to itself and takes its time.
bool test_is_instrumented(void);

// A process that ends when this one does, however a check leaves its test: 0 in it, its id here.
pid_t test_fork(void);

// A new empty folder, removed when the test ends. Lives as long as the scope.
const char *test_folder(struct scope *scope);
void test_remove_folder(const char *path); // with all that is in it
// A file in test_folder-like place with this content; returns its path.
const char *test_file(struct scope *scope, const char *name, struct text content);
// The path of a file in the folder of real data; skips the test when the folder is not there (and
// fails it when CI is set in the environment: there it must be).
const char *test_shared_data(struct scope *scope, const char *name);

// Called with the argument when the test ends, however it ends: the last one registered first,
// before the scope is cleared and the folder removed.
void test_at_end(void (*function)(void *argument), void *argument);
