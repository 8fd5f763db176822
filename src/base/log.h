// SPDX-License-Identifier: Apache-2.0
// What happened, for operators: one line per event on the standard error output or in a file, JSON
// unless that is a terminal. Only the edges log (web, cli, app, the job runner); everything below
// returns failures. No field ever holds a secret, an e-mail address, a phone number or another
// direct identifier of a person.
#pragma once

#include "base/scope.h"
#include "base/text.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

struct log_field {
    const char *name;
    enum log_field_type { LOG_FIELD_TEXT, LOG_FIELD_INT64, LOG_FIELD_DOUBLE, LOG_FIELD_BOOL } type;
    union {
        struct text text;
        int64_t int64;
        double number;
        bool boolean;
    };
};

#define LOG_TEXT(field_name, value)                                                                \
    ((struct log_field){.name = (field_name), .type = LOG_FIELD_TEXT, .text = (value)})
#define LOG_STRING(field_name, value) LOG_TEXT(field_name, text_of(value))
#define LOG_INT64(field_name, value)                                                               \
    ((struct log_field){.name = (field_name), .type = LOG_FIELD_INT64, .int64 = (value)})
#define LOG_DOUBLE(field_name, value)                                                              \
    ((struct log_field){.name = (field_name), .type = LOG_FIELD_DOUBLE, .number = (value)})
#define LOG_BOOL(field_name, value)                                                                \
    ((struct log_field){.name = (field_name), .type = LOG_FIELD_BOOL, .boolean = (value)})

// LOG(LOG_LEVEL_INFO, "job_done", LOG_INT64("job", id), LOG_STRING("kind", kind));
#define LOG(level, event, ...)                                                                     \
    log_event(level, event, (struct log_field[]){__VA_ARGS__},                                     \
              sizeof((struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

// The level of that name ("warn"); false when there is none.
bool log_level_parse(struct text name, enum log_level *ret_level);

// Decides what is written: events up to the level, into the file when the path is not empty, there
// behind what it holds. Call it once, before other threads start; until then warnings are written
// to the standard error output.
code log_start(struct scope *scope, enum log_level level, const char *path);
// Opens the file anew under its name, after somebody has moved it away. Any thread may call it: no
// line is lost or torn. UNAVAILABLE when it cannot be opened; then the old one stays in use.
code log_reopen(struct scope *scope);

bool log_is_on(enum log_level level);

// `event` is a short name ("request", "job_failed"). Threads may call it at once: lines stay whole.
void log_event(enum log_level level, const char *event, const struct log_field *fields,
               size_t count);

// The line of an event, without its end of line. log_event writes one of the two.
void log_line_json(struct buffer *out, int64_t at_us, enum log_level level, const char *event,
                   const struct log_field *fields, size_t count);
void log_line_human(struct buffer *out, int64_t at_us, enum log_level level, const char *event,
                    const struct log_field *fields, size_t count);
