// SPDX-License-Identifier: Apache-2.0
// The server as a service of the machine: what it gives up at its start, what it tells systemd, how
// it takes signals, and how the program is linked.
#include "tests/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000 };

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

static struct text content_of(struct scope *scope, const char *path) {
    enum { MOST_BYTES = 1 << 16 };
    char *content = arena_alloc(&scope->arena, MOST_BYTES);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t size = fd < 0 ? 0 : read(fd, content, MOST_BYTES);

    if (fd >= 0)
        close(fd);
    return (struct text){.data = content, .size = size > 0 ? (size_t)size : 0};
}

// ---- a manager that listens ----

static int listen_as_manager(struct scope *scope) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", test_folder(scope));
    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    return fd;
}

static void check_told(int manager, const char *expected) {
    struct pollfd waiting = {.fd = manager, .events = POLLIN};
    char told[100] = {0};

    CHECK(poll(&waiting, 1, PATIENCE_MS) == 1);
    CHECK(recv(manager, told, sizeof(told) - 1, 0) > 0);
    CHECK_STRING(told, expected);
}

static void wait_for(struct scope *scope, const char *path, const char *part) {
    for (int waited_ms = 0; !holds(content_of(scope, path), part); waited_ms += 20) {
        CHECK(waited_ms < PATIENCE_MS);
        usleep(20000);
    }
}

static void check_given_up(struct scope *scope, pid_t process) {
    const char *proc = arena_printf(&scope->arena, "/proc/%d", (int)process);

    CHECK(holds(content_of(scope, arena_printf(&scope->arena, "%s/status", proc)),
                "NoNewPrivs:\t1\n"));
    CHECK(holds(content_of(scope, arena_printf(&scope->arena, "%s/limits", proc)),
                "Max core file size        0                    0 "));
}

TEST(a_server_gives_up_rights_and_core_dumps_and_tells_its_manager_how_it_stands) {
    const char *log = arena_printf(&scope->arena, "%s/tessera.log", test_folder(scope));
    const char *moved = arena_printf(&scope->arena, "%s.1", log);
    const int manager = listen_as_manager(scope);
    pid_t process;

    process = start_program(
        scope, arena_printf(&scope->arena, "serve --listen 127.0.0.1:0 --log-file %s", log));
    unsetenv("NOTIFY_SOCKET");
    check_told(manager, "READY=1");
    check_given_up(scope, process);
    wait_for(scope, log, "\"event\":\"serving\"");

    CHECK(rename(log, moved) == 0);
    CHECK(kill(process, SIGHUP) == 0);
    wait_for(scope, log, "\"event\":\"log_reopened\"");

    CHECK(kill(process, SIGTERM) == 0);
    check_told(manager, "STOPPING=1");
    CHECK_INT(wait_program(process), 0);
    CHECK(holds(content_of(scope, log), "\"event\":\"stopping\""));
    CHECK(!holds(content_of(scope, moved), "\"event\":\"stopping\""));
    close(manager);
}

// ---- how it is linked ----

TEST(the_program_is_linked_so_that_its_memory_is_hard_to_misuse) {
    const char *const headers[] = {
        "readelf", "--file-header", "--program-headers", "--dynamic", "--wide", TEST_PROGRAM, NULL};
    const char *const symbols[] = {"readelf", "--dyn-syms", "--wide", TEST_PROGRAM, NULL};
    const struct text layout = run_other_for_output(scope, headers);
    const struct text imports = run_other_for_output(scope, symbols);

    if (layout.size == 0)
        test_skip("there is no readelf");
    CHECK(holds(layout, "DYN (Position-Independent Executable file)"));
    CHECK(holds(layout, "GNU_RELRO"));
    CHECK(holds(layout, "BIND_NOW") || holds(layout, "Flags: NOW PIE"));
    CHECK(!holds(layout, "RWE"));
    CHECK(holds(imports, "__stack_chk_fail"));
    if (!holds(imports, "__asan_init") && !holds(imports, "__tsan_init"))
        CHECK(holds(imports, "__snprintf_chk") && holds(imports, "__memcpy_chk"));
}

TEST(the_unit_names_options_and_folders_that_there_are) {
    const struct text unit = test_source(scope, "packaging/tessera.service");

    CHECK(holds(unit, "\nType=notify\n"));
    CHECK(holds(unit, "\nNoNewPrivileges=yes\n"));
    CHECK(holds(unit, "\nProtectSystem=strict\n"));
    CHECK(holds(unit, "\nDynamicUser=yes\n"));
    CHECK(holds(unit, "\nLimitCORE=0\n"));
    CHECK(holds(unit, "\nNoExecPaths=/\n"));
    CHECK(holds(unit, "\nSystemCallFilter=@system-service\n"));
}
