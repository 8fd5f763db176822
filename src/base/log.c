// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include "base/code.h"
#include "base/json.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const level_names[] = {
    [LOG_LEVEL_ERROR] = "error",
    [LOG_LEVEL_WARN] = "warn",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_DEBUG] = "debug",
};

enum { LEVEL_COUNT = sizeof(level_names) / sizeof(*level_names) };

// Set by log_start while there is one thread, only read afterwards. log_reopen puts another file
// behind the same descriptor.
static struct {
    enum log_level level;
    int fd;
    bool for_humans;
    char path[4096]; // empty: standard error
} output = {.level = LOG_LEVEL_WARN, .fd = STDERR_FILENO};

bool log_level_parse(struct text name, enum log_level *ret_level) {
    for (int level = 0; level < LEVEL_COUNT; level++)
        if (text_is(name, level_names[level])) {
            *ret_level = (enum log_level)level;
            return true;
        }
    return false;
}

static code open_file(struct scope *scope, const char *path, int *ret_fd) {
    const int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);

    if (fd < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot open the log file %s: %s", path,
                          strerror(errno));
    *ret_fd = fd;
    return OK;
}

code log_start(struct scope *scope, enum log_level level, const char *path) {
    int fd = STDERR_FILENO;

    if (strlen(path) >= sizeof(output.path))
        return scope_fail(scope, INVALID, "the path of the log file is too long");
    if (path[0] != '\0')
        TRY(open_file(scope, path, &fd));
    if (output.fd != STDERR_FILENO)
        close(output.fd);
    output.fd = fd;
    output.level = level;
    output.for_humans = isatty(fd) == 1;
    snprintf(output.path, sizeof(output.path), "%s", path);
    return OK;
}

// The descriptor stays the same, so that a line being written goes wholly to one file or the other.
code log_reopen(struct scope *scope) {
    int fd = -1, moved;

    if (output.path[0] == '\0')
        return OK;
    TRY(open_file(scope, output.path, &fd));
    moved = dup3(fd, output.fd, O_CLOEXEC);
    close(fd);
    return moved < 0
               ? scope_fail(scope, UNAVAILABLE, "cannot change the log file: %s", strerror(errno))
               : OK;
}

bool log_is_on(enum log_level level) {
    return level <= output.level;
}

static void write_value(struct json_writer *writer, const struct log_field *field) {
    switch (field->type) {
    case LOG_FIELD_TEXT:
        json_write_text(writer, field->text);
        return;
    case LOG_FIELD_INT64:
        json_write_int64(writer, field->int64);
        return;
    case LOG_FIELD_DOUBLE:
        json_write_double(writer, field->number);
        return;
    case LOG_FIELD_BOOL:
        json_write_bool(writer, field->boolean);
        return;
    }
}

void log_line_json(struct buffer *out, int64_t at_us, enum log_level level, const char *event,
                   const struct log_field *fields, size_t count) {
    char at[TIME_TEXT_SIZE];
    struct json_writer writer;

    json_writer_init(&writer, out);
    json_begin_object(&writer);
    json_key(&writer, "at");
    json_write_string(&writer, time_format_utc(at_us, at));
    json_key(&writer, "level");
    json_write_string(&writer, level_names[level]);
    json_key(&writer, "event");
    json_write_string(&writer, event);
    for (size_t i = 0; i < count; i++) {
        json_key(&writer, fields[i].name);
        write_value(&writer, &fields[i]);
    }
    json_end_object(&writer);
}

static bool is_plain(struct text text) {
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.data[i];

        if (byte <= ' ' || byte >= 0x7F || byte == '"' || byte == '\\' || byte == '=')
            return false;
    }
    return text.size > 0;
}

// `2010-12-01T08:26:00Z warn  job_failed job=12 reason="disk full"`: values that could deceive the
// reader, or the terminal, are quoted as in JSON.
void log_line_human(struct buffer *out, int64_t at_us, enum log_level level, const char *event,
                    const struct log_field *fields, size_t count) {
    char at[TIME_TEXT_SIZE];

    buffer_printf(out, "%s %-5s %s", time_format_utc(at_us, at), level_names[level], event);
    for (size_t i = 0; i < count; i++) {
        struct json_writer writer;

        buffer_printf(out, " %s=", fields[i].name);
        if (fields[i].type == LOG_FIELD_TEXT && is_plain(fields[i].text)) {
            buffer_add_text(out, fields[i].text);
            continue;
        }
        json_writer_init(&writer, out);
        write_value(&writer, &fields[i]);
    }
}

// One write for the whole line, so that the lines of threads and processes do not mix. What the
// output does not take is lost: there is nowhere else to tell.
static void write_line(const struct buffer *line) {
    size_t written = 0;

    while (written < line->size) {
        const ssize_t step = write(output.fd, line->data + written, line->size - written);

        if (step <= 0)
            return;
        written += (size_t)step;
    }
}

void log_event(enum log_level level, const char *event, const struct log_field *fields,
               size_t count) {
    CLEANUP(buffer_clear) struct buffer line = {0};

    if (!log_is_on(level))
        return;
    if (output.for_humans)
        log_line_human(&line, time_now_us(), level, event, fields, count);
    else
        log_line_json(&line, time_now_us(), level, event, fields, count);
    buffer_add_char(&line, '\n');
    write_line(&line);
}
