// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include "base/json.h"
#include "base/test.h"
#include "base/time.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define AT_US (INT64_C(1291191960) * US_PER_SECOND)

static const struct log_field hostile[] = {
    {.name = "job", .type = LOG_FIELD_INT64, .int64 = -12},
    {.name = "share", .type = LOG_FIELD_DOUBLE, .number = 0.5},
    {.name = "done", .type = LOG_FIELD_BOOL, .boolean = true},
    {.name = "plain", .type = LOG_FIELD_TEXT, .text = {"/customers/12", 13}},
    {.name = "forged", .type = LOG_FIELD_TEXT, .text = {"a\n{\"level\":\"error\"}", 19}},
    {.name = "terminal",
     .type = LOG_FIELD_TEXT,
     .text = {"\x1B[2J\x7F\xC2\x9B"
              "31m\xFF",
              11}},
    {.name = "empty", .type = LOG_FIELD_TEXT, .text = {NULL, 0}},
};

enum { HOSTILE_COUNT = sizeof(hostile) / sizeof(*hostile) };

TEST(an_event_is_one_line_of_json_whatever_it_holds) {
    CLEANUP(buffer_clear) struct buffer line = {0};
    struct json *json = NULL;

    log_line_json(&line, AT_US, LOG_LEVEL_WARN, "job_failed", hostile, HOSTILE_COUNT);
    CHECK_TEXT(
        buffer_text(&line),
        "{\"at\":\"2010-12-01T08:26:00Z\",\"level\":\"warn\",\"event\":\"job_failed\",\"job\":-12,"
        "\"share\":0.5,\"done\":true,\"plain\":\"/customers/12\","
        "\"forged\":\"a\\n{\\\"level\\\":\\\"error\\\"}\","
        "\"terminal\":\"\\u001b[2J\\u007f\\u009b31m\xEF\xBF\xBD\",\"empty\":\"\"}");
    CHECK_OK(json_parse(scope, buffer_text(&line), &json));
    CHECK_TEXT(json_member(json, "forged")->string, "a\n{\"level\":\"error\"}");
}

TEST(people_read_an_event_without_being_deceived) {
    CLEANUP(buffer_clear) struct buffer line = {0};

    log_line_human(&line, AT_US, LOG_LEVEL_WARN, "job_failed", hostile, HOSTILE_COUNT);
    CHECK_TEXT(
        buffer_text(&line),
        "2010-12-01T08:26:00Z warn  job_failed job=-12 share=0.5 done=true plain=/customers/12 "
        "forged=\"a\\n{\\\"level\\\":\\\"error\\\"}\" "
        "terminal=\"\\u001b[2J\\u007f\\u009b31m\xEF\xBF\xBD\" empty=\"\"");
}

// What log_event writes while the error output leads into a file.
static struct text logged(struct scope *scope) {
    const char *path = test_file(scope, "log", TEXT(""));
    const int kept = dup(STDERR_FILENO);
    const int file = open(path, O_RDWR | O_CLOEXEC);
    char content[1000];
    ssize_t size;

    if (kept < 0 || file < 0 || dup2(file, STDERR_FILENO) < 0)
        test_fail(__FILE__, __LINE__, "cannot redirect to %s", path);
    LOG(LOG_LEVEL_ERROR, "first", LOG_STRING("why", "because"));
    LOG(LOG_LEVEL_WARN, "second", LOG_INT64("n", 2), LOG_BOOL("b", false));
    LOG(LOG_LEVEL_INFO, "third", LOG_DOUBLE("x", 1.5));
    log_event(LOG_LEVEL_DEBUG, "fourth", NULL, 0);
    dup2(kept, STDERR_FILENO);
    close(kept);
    size = pread(file, content, sizeof(content), 0);
    close(file);
    return text_copy(&scope->arena, (struct text){content, size > 0 ? (size_t)size : 0});
}

static int count_lines(struct text text) {
    int count = 0;

    for (size_t i = 0; i < text.size; i++)
        count += text.data[i] == '\n';
    return count;
}

TEST(a_level_has_a_name) {
    enum log_level level = LOG_LEVEL_ERROR;

    CHECK(log_level_parse(TEXT("debug"), &level));
    CHECK_INT(level, LOG_LEVEL_DEBUG);
    CHECK(!log_level_parse(TEXT("loud"), &level));
    CHECK_INT(level, LOG_LEVEL_DEBUG);
}

static struct text file_content(struct scope *scope, const char *path) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    char content[1000];
    const ssize_t size = file < 0 ? 0 : read(file, content, sizeof(content));

    close(file);
    return text_copy(&scope->arena, (struct text){content, size > 0 ? (size_t)size : 0});
}

static void log_to_standard_error(void *scope) {
    log_start(scope, LOG_LEVEL_WARN, "");
}

TEST(a_log_file_that_was_moved_away_is_made_anew) {
    const char *path = test_file(scope, "tessera.log", TEXT("before\n"));
    const char *moved = arena_printf(&scope->arena, "%s.1", path);

    test_at_end(log_to_standard_error, scope);
    CHECK_OK(log_start(scope, LOG_LEVEL_INFO, path));
    log_event(LOG_LEVEL_INFO, "first", NULL, 0);
    CHECK(rename(path, moved) == 0);
    log_event(LOG_LEVEL_INFO, "second", NULL, 0);
    CHECK_OK(log_reopen(scope));
    log_event(LOG_LEVEL_INFO, "third", NULL, 0);
    CHECK(text_starts_with(file_content(scope, moved), TEXT("before\n{")));
    CHECK_INT(count_lines(file_content(scope, moved)), 3);
    CHECK_INT(count_lines(file_content(scope, path)), 1);
}

TEST(events_below_the_level_are_not_written) {
    struct text lines;

    lines = logged(scope);
    CHECK_INT(count_lines(lines), 2);
    CHECK_OK(log_start(scope, LOG_LEVEL_DEBUG, ""));
    lines = logged(scope);
    CHECK_OK(log_start(scope, LOG_LEVEL_WARN, ""));
    CHECK_INT(count_lines(lines), 4);
}
