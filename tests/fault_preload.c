// SPDX-License-Identifier: Apache-2.0
// A library to be loaded before all others (LD_PRELOAD): calls of the system fail when a test says
// so (fault_orders.h). It knows nothing of the program, which is the one that is shipped.
#include "tests/fault_orders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// glibc's own, beneath the names that are replaced here: NOLINTBEGIN(bugprone-reserved-identifier)
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t nmemb, size_t size);
void *__libc_realloc(void *ptr, size_t size);
// NOLINTEND(bugprone-reserved-identifier)

// Set before the program's first line and never again; NULL: nothing fails.
static struct fault_orders *orders;

__attribute__((constructor)) static void read_orders(void) {
    const char *path = getenv(FAULT_ORDERS_VARIABLE);
    const int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *memory = fd >= 0 ? mmap(NULL, sizeof(*orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                           : MAP_FAILED;

    if (fd >= 0)
        close(fd);
    if (memory != MAP_FAILED)
        orders = memory;
}

static bool fails(enum fault_kind kind) {
    long left;

    if (!orders || atomic_load(&orders->kind) != (int)kind)
        return false;
    left = atomic_fetch_sub(&orders->left, 1);
    if (left > 1 || (left < 1 && !atomic_load(&orders->is_lasting)))
        return false;
    atomic_fetch_add(&orders->count, 1);
    return true;
}

// ---- memory ----

void *malloc(size_t size) {
    if (!fails(FAULT_MEMORY))
        return __libc_malloc(size);
    errno = ENOMEM;
    return NULL;
}

void *calloc(size_t nmemb, size_t size) {
    if (!fails(FAULT_MEMORY))
        return __libc_calloc(nmemb, size);
    errno = ENOMEM;
    return NULL;
}

void *realloc(void *ptr, size_t size) {
    if (!fails(FAULT_MEMORY))
        return __libc_realloc(ptr, size);
    errno = ENOMEM;
    return NULL;
}

// ---- files ----

static bool write_fails(void) {
    if (fails(FAULT_WRITE)) {
        errno = EIO;
        return true;
    }
    if (fails(FAULT_ROOM)) {
        errno = ENOSPC;
        return true;
    }
    return false;
}

// By the names that programs call, with files of either width.
ssize_t pwrite_narrow(int fd, const void *data, size_t size, off64_t offset) __asm__("pwrite");
ssize_t pwrite_wide(int fd, const void *data, size_t size, off64_t offset) __asm__("pwrite64");
int ftruncate_narrow(int fd, off64_t size) __asm__("ftruncate");
int ftruncate_wide(int fd, off64_t size) __asm__("ftruncate64");

ssize_t pwrite_narrow(int fd, const void *data, size_t size, off64_t offset) {
    return write_fails() ? -1 : syscall(SYS_pwrite64, fd, data, size, offset);
}

ssize_t pwrite_wide(int fd, const void *data, size_t size, off64_t offset) {
    return pwrite_narrow(fd, data, size, offset);
}

int ftruncate_narrow(int fd, off64_t size) {
    return write_fails() ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate_wide(int fd, off64_t size) {
    return ftruncate_narrow(fd, size);
}

int fsync(int fd) {
    if (!fails(FAULT_SYNC))
        return (int)syscall(SYS_fsync, fd);
    errno = EIO;
    return -1;
}

int fdatasync(int fildes) {
    if (!fails(FAULT_SYNC))
        return (int)syscall(SYS_fdatasync, fildes);
    errno = EIO;
    return -1;
}
