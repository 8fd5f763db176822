// SPDX-License-Identifier: Apache-2.0
// Reads with distrust: every size and name is checked before it is used, every byte is covered by a
// sum, and what stands between the members must be what the writer puts there.
#include "base/progress.h"
#include "govern/backup/archive_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct reader {
    int fd;
    enum archive_form form;
    int64_t body_bytes; // of the file, without the trailer
    int64_t read_bytes;
    crypto_hash_sha256_state read; // of the body so far
    unsigned char input[1 << 14];  // of the file, just read
    z_stream stream;
    bool has_stream, has_ended; // the compressed stream
    struct buffer pending;      // of the archive, not yet taken
    size_t taken;
    const char *member; // the one being read, for messages
    int64_t at_bytes;   // of the archive
};

static code fail_damaged(struct scope *scope, const struct reader *reader, const char *what) {
    scope_fail(scope, CONFLICT, "the backup is damaged: %s", what);
    return scope_detail(scope, "in %s, near byte %" PRId64 " of %" PRId64 " of the file",
                        reader->member, reader->read_bytes, reader->body_bytes);
}

// ---- bytes ----

static code read_file(struct scope *scope, struct reader *reader, unsigned char *bytes, size_t room,
                      size_t *ret_count) {
    const int64_t left = reader->body_bytes - reader->read_bytes;
    const size_t wanted = left < (int64_t)room ? (size_t)left : room;
    const ssize_t count = wanted > 0 ? pread(reader->fd, bytes, wanted, reader->read_bytes) : 0;

    if (count < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot read the backup: %s", strerror(errno));
    crypto_hash_sha256_update(&reader->read, bytes, (size_t)count);
    reader->read_bytes += count;
    progress_report(scope->progress, "reading", reader->read_bytes >> 10, reader->body_bytes >> 10,
                    "KiB");
    *ret_count = (size_t)count;
    return scope_check(scope);
}

static code inflate_more(struct scope *scope, struct reader *reader, size_t count) {
    reader->stream.next_in = reader->input;
    reader->stream.avail_in = (uInt)count;
    while (reader->stream.avail_in > 0) {
        int status;

        if (reader->has_ended)
            return fail_damaged(scope, reader, "something follows its end");
        reader->stream.next_out = (Bytef *)buffer_reserve(&reader->pending, ARCHIVE_STEP_BYTES);
        reader->stream.avail_out = ARCHIVE_STEP_BYTES;
        status = inflate(&reader->stream, Z_NO_FLUSH);
        reader->pending.size += ARCHIVE_STEP_BYTES - reader->stream.avail_out;
        reader->has_ended = status == Z_STREAM_END;
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
            return fail_damaged(scope, reader, "it cannot be decompressed");
    }
    return OK;
}

// Adds to `pending`; nothing is added at the end of the file.
static code fetch(struct scope *scope, struct reader *reader) {
    size_t count = 0;

    buffer_reserve(&reader->pending, sizeof(reader->input)); // an empty buffer has no bytes to move
    memmove(reader->pending.data, reader->pending.data + reader->taken,
            reader->pending.size - reader->taken);
    reader->pending.size -= reader->taken;
    reader->taken = 0;
    TRY(read_file(scope, reader, reader->input, sizeof(reader->input), &count));
    if (reader->form == ARCHIVE_GZIP)
        return inflate_more(scope, reader, count);
    buffer_add(&reader->pending, reader->input, count);
    return OK;
}

// At least one byte and at most `most`, valid until the next call.
static code take(struct scope *scope, struct reader *reader, size_t most, struct text *ret_bytes) {
    while (reader->pending.size == reader->taken) {
        if (reader->read_bytes == reader->body_bytes)
            return fail_damaged(scope, reader, "it ends too early");
        TRY(fetch(scope, reader));
    }
    ret_bytes->data = reader->pending.data + reader->taken;
    ret_bytes->size = reader->pending.size - reader->taken;
    if (ret_bytes->size > most)
        ret_bytes->size = most;
    reader->taken += ret_bytes->size;
    reader->at_bytes += (int64_t)ret_bytes->size;
    return OK;
}

static code take_block(struct scope *scope, struct reader *reader, void *block, size_t size) {
    for (size_t done = 0; done < size;) {
        struct text bytes = TEXT("");

        TRY(take(scope, reader, size - done, &bytes));
        memcpy((char *)block + done, bytes.data, bytes.size);
        done += bytes.size;
    }
    return OK;
}

// ---- members ----

static bool is_zero(const void *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (((const char *)bytes)[i] != 0)
            return false;
    return true;
}

static int64_t header_size(const struct tar_header *header) {
    uint64_t size = 0;

    if ((unsigned char)header->size[0] == 0x80) {
        for (int i = 4; i < 12; i++)
            size = size << 8 | (unsigned char)header->size[i];
        return (int64_t)size;
    }
    for (int i = 0; i < 11; i++) {
        if (header->size[i] < '0' || header->size[i] > '7')
            return -1;
        size = size << 3 | (uint64_t)(header->size[i] - '0');
    }
    return (int64_t)size;
}

// The writer's header for this name and size, to the last byte: nothing else is in a backup.
static code check_header(struct scope *scope, const struct reader *reader,
                         const struct tar_header *header, int64_t size) {
    char name[TAR_NAME_SIZE] = {0};
    struct tar_header expected;

    if (size < 0 || header->name[TAR_NAME_SIZE - 1] != '\0' || header->name[0] == '\0')
        return fail_damaged(scope, reader, "a header cannot be read");
    memcpy(name, header->name, sizeof(name) - 1);
    tar_header_fill(&expected, name, size);
    if (memcmp(&expected, header, sizeof(expected)) != 0)
        return fail_damaged(scope, reader, "a header does not fit its sum");
    return OK;
}

static code read_content(struct scope *scope, struct reader *reader,
                         const struct archive_visitor *visitor, int64_t size) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[ARCHIVE_DIGEST_SIZE], padding[TAR_BLOCK];
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    for (int64_t left = size; left > 0;) {
        struct text bytes = TEXT("");

        TRY(take(scope, reader, left < ARCHIVE_STEP_BYTES ? (size_t)left : ARCHIVE_STEP_BYTES,
                 &bytes));
        crypto_hash_sha256_update(&state, (const unsigned char *)bytes.data, bytes.size);
        if (visitor->data)
            TRY(visitor->data(scope, visitor->context, bytes));
        left -= (int64_t)bytes.size;
    }
    if (size % TAR_BLOCK > 0) {
        TRY(take_block(scope, reader, padding, (size_t)(TAR_BLOCK - size % TAR_BLOCK)));
        if (!is_zero(padding, (size_t)(TAR_BLOCK - size % TAR_BLOCK)))
            return fail_damaged(scope, reader, "the room behind a file is not empty");
    }
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
    return visitor->end ? visitor->end(scope, visitor->context, reader->member, size, hex) : OK;
}

static code read_members(struct scope *scope, struct reader *reader,
                         const struct archive_visitor *visitor) {
    for (;;) {
        struct tar_header header;
        int64_t size;

        TRY(take_block(scope, reader, &header, sizeof(header)));
        if (is_zero(&header, sizeof(header)))
            break;
        size = header_size(&header);
        TRY(check_header(scope, reader, &header, size));
        reader->member = arena_printf(&scope->arena, "%s", header.name);
        if (visitor->begin)
            TRY(visitor->begin(scope, visitor->context, reader->member, size));
        TRY(read_content(scope, reader, visitor, size));
    }
    return OK;
}

// The second empty block, and nothing behind it.
static code read_end(struct scope *scope, struct reader *reader) {
    char block[TAR_BLOCK];

    reader->member = "its end";
    TRY(take_block(scope, reader, block, sizeof(block)));
    while (reader->read_bytes < reader->body_bytes)
        TRY(fetch(scope, reader));
    if (!is_zero(block, sizeof(block)) || reader->pending.size != reader->taken ||
        (reader->form == ARCHIVE_GZIP && !reader->has_ended))
        return fail_damaged(scope, reader, "it does not end as it should");
    return OK;
}

static code check_trailer(struct scope *scope, struct reader *reader) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    unsigned char expected[TRAILER_MOST_BYTES], found[TRAILER_MOST_BYTES];
    size_t size;

    crypto_hash_sha256_final(&reader->read, digest);
    size = archive_trailer(expected, reader->form, digest);
    if (pread(reader->fd, found, size, reader->body_bytes) != (ssize_t)size ||
        memcmp(found, expected, size) != 0)
        return fail_damaged(scope, reader, "its bytes do not add up to its sum");
    return OK;
}

// ---- the file ----

static code open_reader(struct scope *scope, const char *path, struct reader *reader) {
    unsigned char magic[2] = {0}, trailer[TRAILER_MOST_BYTES];
    unsigned char digest[crypto_hash_sha256_BYTES] = {0};
    struct stat status;

    reader->member = "its beginning";
    reader->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (reader->fd < 0)
        return scope_fail(scope, errno == ENOENT ? NOT_FOUND : UNAVAILABLE,
                          "cannot open the backup %s: %s", path, strerror(errno));
    if (fstat(reader->fd, &status) != 0 || !S_ISREG(status.st_mode))
        return scope_fail(scope, INVALID, "%s is not a file", path);
    if (pread(reader->fd, magic, sizeof(magic), 0) < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot read %s: %s", path, strerror(errno));
    reader->form = magic[0] == 0x1f && magic[1] == 0x8b ? ARCHIVE_GZIP : ARCHIVE_PLAIN;
    reader->body_bytes = status.st_size - (int64_t)archive_trailer(trailer, reader->form, digest);
    if (reader->body_bytes <= 0)
        return scope_fail(scope, CONFLICT, "%s is too short for a backup", path);
    crypto_hash_sha256_init(&reader->read);
    if (reader->form == ARCHIVE_GZIP && inflateInit2(&reader->stream, 15 + 16) != Z_OK)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    reader->has_stream = reader->form == ARCHIVE_GZIP;
    return OK;
}

static void close_reader(struct reader *reader) {
    if (reader->has_stream)
        inflateEnd(&reader->stream);
    if (reader->fd >= 0)
        close(reader->fd);
    buffer_clear(&reader->pending);
}

code archive_walk(struct scope *scope, const char *path, const struct archive_visitor *visitor) {
    CLEANUP(close_reader) struct reader reader = {.fd = -1};

    TRY(open_reader(scope, path, &reader));
    TRY(read_members(scope, &reader, visitor));
    TRY(read_end(scope, &reader));
    return check_trailer(scope, &reader);
}
