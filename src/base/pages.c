// SPDX-License-Identifier: Apache-2.0
#include "base/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

void *pages_new(size_t count, size_t size) {
    size_t bytes;
    void *pages = MAP_FAILED;

    if (!__builtin_mul_overflow(count, size, &bytes))
        pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages != MAP_FAILED)
        return pages;
    fputs("tessera: out of memory\n", stderr);
    abort();
}

void pages_free(void *pages, size_t count, size_t size) {
    if (pages)
        munmap(pages, count * size);
}
