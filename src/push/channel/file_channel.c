// SPDX-License-Identifier: Apache-2.0
#include "push/channel/file_channel.h"

#include "push/channel/channel_out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct file_channel {
    int file;
};

code file_channel_open(struct scope *scope, const struct channel_order *order,
                       void **ret_connection) {
    struct file_channel *connection;
    const char *folder, *path;
    int file;

    TRY(channel_out_folder(scope, &folder));
    path = arena_printf(&scope->arena, "%s/%lld.jsonl", folder, (long long)order->campaign_id);
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0)
        return scope_fail(scope, UNAVAILABLE, "the file \"%s\" cannot be opened: %s", path,
                          strerror(errno));
    connection = malloc(sizeof(*connection));
    if (!connection)
        abort();
    connection->file = file;
    *ret_connection = connection;
    return OK;
}

static void write_line(struct json_writer *writer, const struct channel_message *message) {
    json_begin_object(writer);
    json_key(writer, "key");
    json_write_text(writer, message->key);
    json_key(writer, "customer");
    json_write_int64(writer, message->customer);
    json_key(writer, "subject");
    json_write_text(writer, message->content.subject);
    json_key(writer, "html");
    json_write_text(writer, message->content.html);
    json_key(writer, "text");
    json_write_text(writer, message->content.text);
    json_end_object(writer);
}

// Either all of them stand in the file, or nobody can say which.
code file_channel_send(struct scope *scope, void *connection, const struct channel_order *order,
                       const struct channel_message *messages, size_t count,
                       struct channel_outcome *outcomes) {
    CLEANUP(buffer_clear) struct buffer lines = {0};
    const struct file_channel *file = connection;

    (void)order;
    for (size_t i = 0; i < count; i++) {
        struct json_writer writer;

        json_writer_init(&writer, &lines);
        write_line(&writer, &messages[i]);
        buffer_add_char(&lines, '\n');
    }
    for (size_t done = 0; done < lines.size;) {
        const ssize_t written = write(file->file, lines.data + done, lines.size - done);

        if (written < 0 && errno != EINTR)
            return scope_fail(scope, errno == ENOSPC ? STORAGE_FULL : UNAVAILABLE,
                              "messages cannot be written: %s", strerror(errno));
        done += written > 0 ? (size_t)written : 0;
    }
    if (fsync(file->file) != 0)
        return scope_fail(scope, UNAVAILABLE, "messages cannot be kept: %s", strerror(errno));
    for (size_t i = 0; i < count; i++)
        outcomes[i] = (struct channel_outcome){.result = CHANNEL_ACCEPTED, .cost_micros = -1};
    return OK;
}

void file_channel_close(void *connection) {
    struct file_channel *file = connection;

    if (!file)
        return;
    close(file->file);
    free(file);
}
