// SPDX-License-Identifier: Apache-2.0
#define ZLIB_CONST // it only reads what it compresses
#include "base/progress.h"
#include "govern/backup/archive_internal.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { GZIP_LEVEL = 3, GZIP_WINDOW = 15 + 16 /* with gzip's header and trailer */ };

struct archive_writer {
    struct part_file file;
    enum archive_form form;
    z_stream stream;
    struct buffer out;                // compressed, not yet written
    crypto_hash_sha256_state written; // of all bytes of the file so far
    int64_t file_bytes;
};

// ---- the formats ----

void tar_header_fill(struct tar_header *header, const char *name, int64_t size) {
    const unsigned char *bytes = (const unsigned char *)header;
    unsigned sum = 0;

    memset(header, 0, sizeof(*header));
    assert(strlen(name) < sizeof(header->name));
    memcpy(header->name, name, strlen(name));
    memcpy(header->mode, "0000600", 7);
    memcpy(header->uid, "0000000", 7);
    memcpy(header->gid, "0000000", 7);
    memcpy(header->modified_at, "00000000000", 11);
    // Eleven octal digits, or the number itself behind a bit that says so.
    if (size < INT64_C(1) << 33) {
        char digits[16];

        snprintf(digits, sizeof(digits), "%011" PRIo64, (uint64_t)size);
        memcpy(header->size, digits, 11);
    } else {
        header->size[0] = (char)0x80;
        for (int i = 0; i < 8; i++)
            header->size[11 - i] = (char)((uint64_t)size >> (8 * i));
    }
    memset(header->sum, ' ', sizeof(header->sum));
    header->type = '0';
    memcpy(header->magic, "ustar", 6);
    memcpy(header->version, "00", 2);
    for (size_t i = 0; i < sizeof(*header); i++)
        sum += bytes[i];
    snprintf(header->sum, sizeof(header->sum), "%06o", sum);
    header->sum[7] = ' ';
}

static void put_little(unsigned char *bytes, uint32_t value, int size) {
    for (int i = 0; i < size; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
}

// Plain: a block of its own behind the two empty ones that end a tar archive. Compressed: a member
// of its own, stored, as gzip allows any number of.
size_t archive_trailer(unsigned char trailer[TRAILER_MOST_BYTES], enum archive_form form,
                       const unsigned char digest[crypto_hash_sha256_BYTES]) {
    static const unsigned char gzip_header[15] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1};
    unsigned char *block = form == ARCHIVE_GZIP ? trailer + sizeof(gzip_header) : trailer;
    char hex[ARCHIVE_DIGEST_SIZE];

    memset(trailer, 0, TRAILER_MOST_BYTES);
    sodium_bin2hex(hex, sizeof(hex), digest, crypto_hash_sha256_BYTES);
    snprintf((char *)block, TAR_BLOCK, "tessera backup, SHA-256 of all before: %s\n", hex);
    if (form == ARCHIVE_PLAIN)
        return TAR_BLOCK;
    memcpy(trailer, gzip_header, sizeof(gzip_header));
    put_little(trailer + 11, TAR_BLOCK, 2);
    put_little(trailer + 13, 0xffffu ^ TAR_BLOCK, 2);
    put_little(block + TAR_BLOCK, (uint32_t)crc32(0, block, TAR_BLOCK), 4);
    put_little(block + TAR_BLOCK + 4, TAR_BLOCK, 4);
    return sizeof(gzip_header) + TAR_BLOCK + 8;
}

// ---- bytes ----

static code write_out(struct scope *scope, struct archive_writer *writer) {
    crypto_hash_sha256_update(&writer->written, (const unsigned char *)writer->out.data,
                              writer->out.size);
    writer->file_bytes += (int64_t)writer->out.size;
    return part_file_write(scope, &writer->file, &writer->out);
}

static code compress_bytes(struct scope *scope, struct archive_writer *writer, const void *bytes,
                           size_t size, int flush) {
    int status = Z_OK;

    writer->stream.next_in = bytes;
    writer->stream.avail_in = (uInt)size;
    do {
        writer->stream.next_out = (Bytef *)buffer_reserve(&writer->out, ARCHIVE_STEP_BYTES);
        writer->stream.avail_out = ARCHIVE_STEP_BYTES;
        status = deflate(&writer->stream, flush);
        if (status == Z_STREAM_ERROR)
            return scope_fail(scope, INTERNAL, "compressing failed");
        writer->out.size += ARCHIVE_STEP_BYTES - writer->stream.avail_out;
        TRY(write_out(scope, writer));
    } while (flush == Z_FINISH ? status != Z_STREAM_END : writer->stream.avail_out == 0);
    return OK;
}

static code add_bytes(struct scope *scope, struct archive_writer *writer, const void *bytes,
                      size_t size) {
    if (writer->form == ARCHIVE_GZIP)
        return compress_bytes(scope, writer, bytes, size, Z_NO_FLUSH);
    buffer_add(&writer->out, bytes, size);
    return write_out(scope, writer);
}

// ---- members ----

code archive_create(struct scope *scope, const char *path, enum archive_form form,
                    struct archive_writer **ret_writer) {
    struct archive_writer *writer = calloc(1, sizeof(*writer));

    if (!writer)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    writer->form = form;
    crypto_hash_sha256_init(&writer->written);
    if (part_file_open(scope, path, &writer->file) == OK && form == ARCHIVE_GZIP &&
        deflateInit2(&writer->stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) !=
            Z_OK)
        scope_fail(scope, UNAVAILABLE, "out of memory");
    if (scope->failure.code != OK)
        archive_close(&writer);
    else
        *ret_writer = writer;
    return scope->failure.code;
}

static code add_header(struct scope *scope, struct archive_writer *writer, const char *name,
                       int64_t size) {
    struct tar_header header;

    if (strlen(name) >= TAR_NAME_SIZE)
        return scope_fail(scope, INVALID, "the name \"%s\" is too long for a backup", name);
    tar_header_fill(&header, name, size);
    return add_bytes(scope, writer, &header, sizeof(header));
}

static code add_padding(struct scope *scope, struct archive_writer *writer, int64_t size) {
    static const char zeros[TAR_BLOCK] = {0};
    const size_t over = (size_t)(size % TAR_BLOCK);

    return over > 0 ? add_bytes(scope, writer, zeros, TAR_BLOCK - over) : OK;
}

code archive_add_text(struct scope *scope, struct archive_writer *writer, const char *name,
                      struct text content) {
    TRY(add_header(scope, writer, name, (int64_t)content.size));
    TRY(add_bytes(scope, writer, content.data, content.size));
    return add_padding(scope, writer, (int64_t)content.size);
}

static code add_content(struct scope *scope, struct archive_writer *writer, int fd, int64_t size,
                        const char *name, crypto_hash_sha256_state *state) {
    unsigned char *step = arena_alloc(&scope->arena, ARCHIVE_STEP_BYTES);

    for (int64_t done = 0; done < size;) {
        const size_t wanted =
            size - done < ARCHIVE_STEP_BYTES ? (size_t)(size - done) : ARCHIVE_STEP_BYTES;
        const ssize_t count = pread(fd, step, wanted, done);

        if (count < 0)
            return scope_fail(scope, UNAVAILABLE, "cannot read %s: %s", name, strerror(errno));
        if (count == 0)
            return scope_fail(scope, CONFLICT, "%s became shorter while it was read", name);
        crypto_hash_sha256_update(state, step, (size_t)count);
        TRY(add_bytes(scope, writer, step, (size_t)count));
        done += count;
        TRY(scope_check(scope));
        progress_report(scope->progress, "writing", done >> 10, size >> 10, "KiB");
    }
    return OK;
}

code archive_add_file(struct scope *scope, struct archive_writer *writer, const char *name, int fd,
                      int64_t size, char ret_digest[ARCHIVE_DIGEST_SIZE]) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    TRY(add_header(scope, writer, name, size));
    TRY(add_content(scope, writer, fd, size, name, &state));
    TRY(add_padding(scope, writer, size));
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(ret_digest, ARCHIVE_DIGEST_SIZE, digest, sizeof(digest));
    return OK;
}

code archive_finish(struct scope *scope, struct archive_writer *writer, int64_t *ret_bytes) {
    static const char end[2 * TAR_BLOCK] = {0};
    unsigned char digest[crypto_hash_sha256_BYTES], trailer[TRAILER_MOST_BYTES];

    TRY(add_bytes(scope, writer, end, sizeof(end)));
    if (writer->form == ARCHIVE_GZIP)
        TRY(compress_bytes(scope, writer, NULL, 0, Z_FINISH));
    crypto_hash_sha256_final(&writer->written, digest);
    buffer_add(&writer->out, trailer, archive_trailer(trailer, writer->form, digest));
    *ret_bytes = writer->file_bytes + (int64_t)writer->out.size;
    TRY(part_file_write(scope, &writer->file, &writer->out));
    TRY(part_file_sync(scope, &writer->file));
    return part_file_finish(scope, &writer->file);
}

void archive_close(struct archive_writer **writer) {
    if (!*writer)
        return;
    part_file_abandon(&(*writer)->file);
    if ((*writer)->form == ARCHIVE_GZIP)
        deflateEnd(&(*writer)->stream);
    buffer_clear(&(*writer)->out);
    free(*writer);
    *writer = NULL;
}
