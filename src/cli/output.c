// SPDX-License-Identifier: Apache-2.0
// Whole answers, remarks and errors.
#include "cli/output.h"

#include <errno.h>

static code cannot_write(struct scope *scope) {
    const int reason = errno != 0 ? errno : EIO;

    return scope_fail(scope, reason == ENOSPC ? STORAGE_FULL : UNAVAILABLE,
                      "cannot write the result: %s", strerror(reason));
}

code output_write(struct scope *scope, struct cli *cli, const struct buffer *buffer) {
    errno = 0;
    if (buffer->size > 0 && fwrite(buffer->data, 1, buffer->size, cli->out) != buffer->size)
        return cannot_write(scope);
    return OK;
}

code output_flush(struct scope *scope, struct cli *cli) {
    errno = 0;
    return fflush(cli->out) == 0 && !ferror(cli->out) ? OK : cannot_write(scope);
}

code output_raw(struct scope *scope, struct cli *cli, struct text json) {
    CLEANUP(buffer_clear) struct buffer out = {0};

    buffer_add_text(&out, text_trim(json));
    if (out.size > 0)
        buffer_add_char(&out, '\n');
    return output_write(scope, cli, &out);
}

// ---- for people ----

// "row_count" → "row count"
static void add_label(struct buffer *out, struct text key) {
    const size_t begin = out->size;

    output_safe_text(out, key);
    for (size_t i = begin; i < out->size; i++)
        if (out->data[i] == '_')
            out->data[i] = ' ';
}

static bool is_notices(const struct json *member) {
    return text_is(member->key, "notices") && member->type == JSON_ARRAY;
}

static bool holds_objects(const struct json *json) {
    return json->type == JSON_ARRAY && json->first && json->first->type == JSON_OBJECT;
}

static bool is_line(const struct json *member) {
    return member->type != JSON_OBJECT && !holds_objects(member) && !is_notices(member);
}

static void add_indent(struct buffer *out, int depth) {
    for (int i = 0; i < depth; i++)
        buffer_add_string(out, "  ");
}

static void add_members(struct buffer *out, const struct json *object, int depth);

// A member that is no table: an object, or an array of them, under its label.
static void add_nested(struct buffer *out, const struct json *member, int depth) {
    add_indent(out, depth);
    add_label(out, member->key);
    buffer_add_string(out, ":\n");
    if (member->type == JSON_OBJECT) {
        add_members(out, member, depth + 1);
        return;
    }
    for (const struct json *item = member->first; item; item = item->next) {
        if (item->type == JSON_OBJECT)
            add_members(out, item, depth + 1);
        if (item->next)
            buffer_add_char(out, '\n');
    }
}

// "label: value" lines, the values under each other, then what is nested.
static void add_members(struct buffer *out, const struct json *object, int depth) {
    size_t widest = 0;

    for (const struct json *member = object->first; member; member = member->next)
        if (is_line(member) && output_width(member->key) > widest)
            widest = output_width(member->key);
    for (const struct json *member = object->first; member; member = member->next) {
        if (!is_line(member))
            continue;
        add_indent(out, depth);
        add_label(out, member->key);
        buffer_add_char(out, ':');
        for (size_t i = output_width(member->key); i <= widest; i++)
            buffer_add_char(out, ' ');
        output_scalar(out, member);
        while (out->data[out->size - 1] == ' ')
            out->size--;
        buffer_add_char(out, '\n');
    }
    for (const struct json *member = object->first; member; member = member->next)
        if (!is_line(member) && !is_notices(member) && !output_is_table(member))
            add_nested(out, member, depth);
}

static size_t table_count(const struct json *answer) {
    size_t count = 0;

    for (const struct json *member = answer->first; member; member = member->next)
        count += output_is_table(member);
    return count;
}

static void add_people(struct scope *scope, const struct cli *cli, const struct json *answer,
                       struct buffer *out) {
    const size_t tables = table_count(answer);

    add_members(out, answer, 0);
    for (const struct json *member = answer->first; member; member = member->next) {
        if (!output_is_table(member))
            continue;
        if (out->size > 0)
            buffer_add_char(out, '\n');
        if (tables > 1) {
            add_label(out, member->key);
            buffer_add_char(out, '\n');
        }
        output_table(scope, cli, member, out);
    }
}

// ---- for programs ----

// The tables alone, an empty line between two; the members as name,value when there is no table.
static void add_csv(struct scope *scope, const struct json *answer, struct buffer *out) {
    if (table_count(answer) == 0)
        buffer_add_string(out, "name,value\r\n");
    for (const struct json *member = answer->first; member; member = member->next) {
        if (output_is_table(member)) {
            if (out->size > 0)
                buffer_add_string(out, "\r\n");
            output_csv(scope, member, out);
        } else if (table_count(answer) == 0 && !is_notices(member)) {
            output_csv_text(out, member->key);
            buffer_add_char(out, ',');
            output_csv_cell(out, member);
            buffer_add_string(out, "\r\n");
        }
    }
}

static void add_answer(struct scope *scope, const struct cli *cli, const struct json *answer,
                       struct buffer *out) {
    struct json_writer writer;

    if (cli->format == FORMAT_JSON) {
        json_writer_init(&writer, out);
        json_write(&writer, answer);
        buffer_add_char(out, '\n');
    } else if (output_is_table(answer)) {
        if (cli->format == FORMAT_CSV)
            output_csv(scope, answer, out);
        else
            output_table(scope, cli, answer, out);
    } else if (answer->type != JSON_OBJECT) {
        output_scalar(out, answer);
        buffer_add_char(out, '\n');
    } else if (cli->format == FORMAT_CSV) {
        add_csv(scope, answer, out);
    } else {
        add_people(scope, cli, answer, out);
    }
}

code cli_print(struct scope *scope, struct cli *cli, const struct json *answer) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    const struct json *notices = answer ? json_member(answer, "notices") : NULL;
    const struct json *next =
        answer && output_is_table(answer) ? json_member(answer, "next") : NULL;

    if (!answer)
        return OK;
    bar_clear(&cli->bar);
    add_answer(scope, cli, answer, &out);
    TRY(output_write(scope, cli, &out));
    if (cli->format == FORMAT_JSON || (!notices && !next))
        return OK;
    TRY(output_flush(scope, cli));
    if (next)
        output_notice(cli, text_printf(&scope->arena, "there are more: --after %.*s shows them",
                                       TEXT_ARG(next->string)));
    for (const struct json *notice = notices ? notices->first : NULL; notice; notice = notice->next)
        if (notice->type == JSON_STRING)
            output_notice(cli, notice->string);
    return OK;
}

void output_notice(struct cli *cli, struct text notice) {
    struct buffer line = {0};

    if (cli->quiet)
        return;
    output_safe_text(&line, notice);
    fprintf(cli->err, "tessera: %s\n", buffer_string(&line));
    buffer_clear(&line);
}

static void add_line(struct buffer *out, const char *before, const char *text) {
    if (text[0] == '\0')
        return;
    buffer_add_string(out, before);
    output_safe_text(out, text_of(text));
    buffer_add_char(out, '\n');
}

void output_failure(struct cli *cli, const struct failure *failure) {
    struct buffer out = {0};
    struct response response;

    bar_clear(&cli->bar);
    fflush(cli->out);
    if (cli->format == FORMAT_JSON) {
        response_init(&response);
        response_failure(&response, failure);
        buffer_add_text(&out, buffer_text(&response.body));
        buffer_add_char(&out, '\n');
        response_clear(&response);
    } else {
        add_line(&out, "tessera: ", failure->message);
        add_line(&out, "  ", failure->detail);
        add_line(&out, "  hint: ", failure->hint);
    }
    fwrite(out.data, 1, out.size, cli->err);
    fflush(cli->err);
    buffer_clear(&out);
}
