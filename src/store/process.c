// SPDX-License-Identifier: Apache-2.0
#include "store/process.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static size_t read_file(const char *path, char *content, size_t size) {
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length;

    if (fd < 0)
        return 0;
    length = read(fd, content, size - 1);
    close(fd);
    content[length > 0 ? length : 0] = '\0';
    return length > 0 ? (size_t)length : 0;
}

// Clock ticks after boot at which a process began: field 22 of its stat line, counted behind the
// command, which may hold blanks itself. 0 when there is no such process.
static int64_t start_time(int64_t pid) {
    char path[64], content[1024];
    struct text rest, field = {0};
    const char *end;
    int64_t ticks;
    size_t size;

    snprintf(path, sizeof(path), "/proc/%" PRId64 "/stat", pid);
    size = read_file(path, content, sizeof(content));
    end = size > 0 ? memrchr(content, ')', size) : NULL;
    if (!end)
        return 0;
    rest = text_of(end + 1);
    for (int i = 2; i <= 22; i++)
        field = text_split(rest, ' ', &rest);
    return text_to_int64(field, &ticks) ? ticks : 0;
}

static struct text host_and_boot(char name[128]) {
    char host[65] = "", boot[64] = "";

    gethostname(host, sizeof(host) - 1);
    read_file("/proc/sys/kernel/random/boot_id", boot, sizeof(boot));
    boot[strcspn(boot, "\n")] = '\0';
    snprintf(name, 128, "%s %s", host[0] != '\0' ? host : "-", boot[0] != '\0' ? boot : "-");
    return text_of(name);
}

struct text process_name(struct scope *scope) {
    char machine[128];

    host_and_boot(machine);
    return text_printf(&scope->arena, "%s %d %" PRId64, machine, (int)getpid(),
                       start_time(getpid()));
}

bool process_is_alive(struct text name) {
    char machine[128];
    const struct text here = host_and_boot(machine);
    struct text here_rest, rest = name;
    const struct text here_host = text_split(here, ' ', &here_rest);
    const struct text host = text_split(rest, ' ', &rest);
    const struct text boot = text_split(rest, ' ', &rest);
    const struct text pid_text = text_split(rest, ' ', &rest);
    int64_t pid, started;

    if (!text_to_int64(pid_text, &pid) || !text_to_int64(rest, &started))
        return false;
    if (!text_equal(host, here_host))
        return true;
    return text_equal(boot, here_rest) && start_time(pid) == started;
}
