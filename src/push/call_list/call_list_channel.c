// SPDX-License-Identifier: Apache-2.0
#include "push/call_list/call_list_channel.h"

#include "call_list_sql.h"
#include "push/channel/channel_out.h"
#include "store/csv_cell.h"
#include "store/ledger.h"

code call_list_channel_prepare(struct scope *scope, const struct channel_content *sources) {
    if (text_trim(sources->subject).size == 0)
        return scope_fail_field(scope, INVALID, "subject", "a call has a reason: the subject");
    return OK;
}

static code read_name(struct scope *scope, int64_t customer, struct text *ret_name,
                      struct text *ret_language) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    *ret_name = *ret_language = TEXT("");
    TRY(ledger_find(scope, sql_call_list_person, BINDS(BIND_INT64(customer)), &rows, &found));
    if (!found)
        return OK;
    *ret_name = text_copy(&scope->arena, rows_text(rows, 0));
    if (ret_name->size == 0)
        *ret_name = text_trim(text_printf(&scope->arena, "%.*s %.*s", TEXT_ARG(rows_text(rows, 1)),
                                          TEXT_ARG(rows_text(rows, 2))));
    *ret_language = text_copy(&scope->arena, rows_text(rows, 3));
    return OK;
}

static code write_call(struct scope *scope, const struct channel_message *message, FILE *file) {
    CLEANUP(buffer_clear) struct buffer line = {0};
    struct text cells[5] = {
        message->address, {0}, {0}, message->content.subject, message->content.text};

    TRY(read_name(scope, message->customer, &cells[1], &cells[2]));
    buffer_printf(&line, "%lld", (long long)message->id);
    for (size_t i = 0; i < 5; i++) {
        buffer_add_char(&line, ',');
        csv_add_safe_cell(&line, cells[i]);
    }
    buffer_add_string(&line, ",,\r\n"); // what the caller fills in
    fwrite(line.data, 1, line.size, file);
    return OK;
}

static code write_all(struct scope *scope, const struct channel_message *messages, size_t count,
                      FILE *file, struct channel_outcome *outcomes) {
    fputs("message,phone,name,language,reason,script,outcome,note\r\n", file);
    for (size_t i = 0; i < count; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);

        TRY(scope_check(scope));
        TRY(write_call(scope, &messages[i], file));
        arena_rewind(&scope->arena, mark);
        outcomes[i].result = CHANNEL_ACCEPTED;
    }
    return OK;
}

code call_list_channel_make(struct scope *scope, const struct channel_order *order,
                            const struct channel_message *messages, size_t count, const char *path,
                            struct channel_outcome *outcomes) {
    struct channel_out out;
    code result;

    (void)order;
    TRY(channel_out_open(scope, path, &out));
    result = write_all(scope, messages, count, out.file, outcomes);
    if (result == OK)
        result = channel_out_finish(scope, &out);
    channel_out_abandon(&out);
    return result;
}
