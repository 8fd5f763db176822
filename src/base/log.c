// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include "base/code.h"
#include "base/json.h"
#include "base/time.h"

#include <stdlib.h>
#include <unistd.h>

static const char *const level_names[] = {
    [LOG_LEVEL_ERROR] = "error",
    [LOG_LEVEL_WARN] = "warn",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_DEBUG] = "debug",
};

enum { LEVEL_COUNT = sizeof(level_names) / sizeof(*level_names) };

// Set by log_start while there is one thread, only read afterwards.
static struct {
    enum log_level level;
    bool for_humans;
} output = {.level = LOG_LEVEL_WARN};

bool log_start(enum log_level usual) {
    const char *wanted = getenv("TESSERA_LOG");

    output.level = usual;
    output.for_humans = isatty(STDERR_FILENO) == 1;
    if (!wanted || wanted[0] == '\0')
        return true;
    for (int level = 0; level < LEVEL_COUNT; level++) {
        if (strcmp(wanted, level_names[level]) == 0) {
            output.level = (enum log_level)level;
            return true;
        }
    }
    return false;
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
// error output does not take is lost: there is nowhere else to tell.
static void write_line(const struct buffer *line) {
    size_t written = 0;

    while (written < line->size) {
        const ssize_t step = write(STDERR_FILENO, line->data + written, line->size - written);

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
