// SPDX-License-Identifier: Apache-2.0
// The compiler is a stand-in on a search path of the test's own: what it is given, and what is
// made of what it says.
#include "push/template/mjml.h"

#include "base/test.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void restore_path(void *path) {
    setenv("PATH", path, 1);
}

static void stand_in(struct scope *scope, const char *script) {
    const char *const program = test_file(scope, "mjml", text_of(script));
    const char *const before = getenv("PATH");

    CHECK(chmod(program, 0700) == 0);
    test_at_end(restore_path, arena_printf(&scope->arena, "%s", before));
    setenv("PATH",
           arena_printf(&scope->arena, "%.*s:%s", (int)(strrchr(program, '/') - program), program,
                        before),
           1);
}

TEST(a_file_of_mjml_is_compiled_by_the_program_that_is_there) {
    const char *const file = test_file(scope, "spring.mjml", TEXT("<mjml>{{ name }}</mjml>"));
    struct text html;

    CHECK(is_mjml(file));
    CHECK(!is_mjml("spring.html"));
    stand_in(scope, "#!/bin/sh\n"
                    "[ \"$*\" = '-i -s --config.validationLevel=strict' ] || exit 3\n"
                    "echo '<!-- FILE: undefined -->'\n"
                    "sed 's/mjml/p/g'\n");
    CHECK_OK(mjml_to_html(scope, file, &html));
    CHECK_TEXT(html, "<p>{{ name }}</p>");
}

TEST(what_the_compiler_says_of_a_file_is_told) {
    const char *const file = test_file(scope, "spring.mjml", TEXT("<mjml><mj-text/>"));
    struct text html;

    stand_in(scope, "#!/bin/sh\necho 'Line 1: no such element' >&2\nexit 1\n");
    CHECK_CODE(mjml_to_html(scope, file, &html), INVALID);
    CHECK(strstr(scope->failure.message, "Line 1: no such element"));
}

TEST(a_file_of_mjml_that_is_not_there_is_named) {
    struct text html;

    CHECK_CODE(mjml_to_html(scope, "/nowhere/spring.mjml", &html), NOT_FOUND);
    CHECK(strstr(scope->failure.message, "/nowhere/spring.mjml"));
}

TEST(without_a_compiler_of_mjml_it_is_said) {
    const char *const file = test_file(scope, "spring.mjml", TEXT("<mjml/>"));
    struct text html;

    test_at_end(restore_path, arena_printf(&scope->arena, "%s", getenv("PATH")));
    setenv("PATH", "/nowhere", 1);
    CHECK_CODE(mjml_to_html(scope, file, &html), UNAVAILABLE);
}
