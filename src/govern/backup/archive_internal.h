// SPDX-License-Identifier: Apache-2.0
// What writer and reader of an archive share.
#pragma once

#include "govern/backup/archive.h"

#include <sodium.h>

enum {
    TAR_BLOCK = 512,
    TAR_NAME_SIZE = 100,
    TRAILER_MOST_BYTES = TAR_BLOCK + 32,
    ARCHIVE_STEP_BYTES = 1 << 18
};

struct tar_header {
    char name[TAR_NAME_SIZE];
    char mode[8], uid[8], gid[8];
    char size[12], modified_at[12];
    char sum[8];
    char type;
    char link[100];
    char magic[6], version[2];
    char user[32], group[32];
    char major[8], minor[8];
    char prefix[155], rest[12];
};
_Static_assert(sizeof(struct tar_header) == TAR_BLOCK, "a header is one block");

// The header of one file; its sum is over itself, with blanks in place of the sum.
void tar_header_fill(struct tar_header *header, const char *name, int64_t size);

// What stands behind the archive for a digest of it; the bytes follow from the digest alone.
size_t archive_trailer(unsigned char trailer[TRAILER_MOST_BYTES], enum archive_form form,
                       const unsigned char digest[crypto_hash_sha256_BYTES]);
