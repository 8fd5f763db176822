// SPDX-License-Identifier: Apache-2.0
#include "govern/backup/archive.h"

#include "base/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *make(struct scope *scope, enum archive_form form) {
    CLEANUP(archive_close) struct archive_writer *writer = NULL;
    const char *path = arena_printf(&scope->arena, "%s/a.%d.tar", test_folder(scope), (int)form);
    CLEANUP(buffer_clear) struct buffer content = {0};
    char digest[ARCHIVE_DIGEST_SIZE];
    int64_t bytes;
    int fd;

    for (int i = 0; i < 6000; i++)
        buffer_printf(&content, "line %d\n", i * i);
    fd = open(test_file(scope, "content", buffer_text(&content)), O_RDONLY | O_CLOEXEC);
    CHECK_OK(archive_create(scope, path, form, &writer));
    CHECK_OK(archive_add_file(scope, writer, "ledger.db", fd, (int64_t)content.size, digest));
    CHECK_OK(archive_add_text(scope, writer, "empty", (struct text){0}));
    CHECK_OK(archive_add_text(scope, writer, "manifest.json", TEXT("{}")));
    CHECK_OK(archive_finish(scope, writer, &bytes));
    close(fd);
    return path;
}

static code note_member(struct scope *scope, void *context, const char *name, int64_t size,
                        const char *digest) {
    (void)scope;
    buffer_printf(context, "%s %d %.8s\n", name, (int)size, digest);
    return OK;
}

TEST(an_archive_is_read_as_it_was_written) {
    for (enum archive_form form = ARCHIVE_PLAIN; form <= ARCHIVE_GZIP; form++) {
        CLEANUP(buffer_clear) struct buffer seen = {0};
        const struct archive_visitor visitor = {.end = note_member, .context = &seen};

        CHECK_OK(archive_walk(scope, make(scope, form), &visitor));
        CHECK(strstr(buffer_string(&seen), "ledger.db "));
        // SHA-256 of nothing, FIPS 180-4's own example of an empty message.
        CHECK(strstr(buffer_string(&seen), "\nempty 0 e3b0c442\n"));
        CHECK(strstr(buffer_string(&seen), "\nmanifest.json 2 44136fa3\n"));
    }
}

// ---- damage ----

static uint32_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

static void check_found(struct scope *scope, const char *path, const char *how, int64_t place) {
    static const struct archive_visitor nobody = {0};

    if (archive_walk(scope, path, &nobody) != CONFLICT)
        test_fail(__FILE__, __LINE__, "%s at byte %lld of %s is not found", how, (long long)place,
                  path);
    scope_forgive(scope);
}

TEST(a_byte_changed_or_cut_off_anywhere_in_an_archive_is_found) {
    static const struct archive_visitor nobody = {0};
    uint64_t state = 42;

    for (enum archive_form form = ARCHIVE_PLAIN; form <= ARCHIVE_GZIP; form++) {
        const char *path = make(scope, form);
        const int fd = open(path, O_RDWR | O_CLOEXEC);
        struct stat status;

        CHECK(fd >= 0 && fstat(fd, &status) == 0);
        for (int round = 0; round < 500; round++) {
            // The last bytes are the least covered by others.
            const int64_t window = round % 5 == 0 && status.st_size > 1200 ? 1200 : status.st_size;
            const int64_t place = status.st_size - 1 - (int64_t)next_random(&state) % window;
            unsigned char kept, changed;

            CHECK(pread(fd, &kept, 1, place) == 1);
            changed = kept ^ (unsigned char)(1u << next_random(&state) % 8);
            CHECK(pwrite(fd, &changed, 1, place) == 1);
            check_found(scope, path, "a flipped bit", place);
            CHECK(pwrite(fd, &kept, 1, place) == 1);
        }
        CHECK_OK(archive_walk(scope, path, &nobody));
        for (int64_t size = status.st_size - 1; size > 0; size -= 1 + next_random(&state) % 400) {
            CHECK(ftruncate(fd, size) == 0);
            check_found(scope, path, "an end", size);
        }
        close(fd);
        CHECK(unlink(path) == 0);
    }
}

TEST(a_file_that_is_no_backup_is_not_taken_for_one) {
    static const struct archive_visitor nobody = {0};

    CHECK_CODE(archive_walk(scope, "/nonexistent", &nobody), NOT_FOUND);
    scope_forgive(scope);
    CHECK_CODE(archive_walk(scope, test_folder(scope), &nobody), INVALID);
    scope_forgive(scope);
    CHECK_CODE(archive_walk(scope, test_file(scope, "short", TEXT("x")), &nobody), CONFLICT);
}
