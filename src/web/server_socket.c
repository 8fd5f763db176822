// SPDX-License-Identifier: Apache-2.0
#include "web/server_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

static code cannot_listen(struct scope *scope, const char *address, uint16_t port, int number) {
    if (number == EADDRINUSE) {
        scope_fail(scope, CONFLICT, "port %d of %s is taken by another program", port, address);
        return scope_hint(scope, "name another one with --listen %s:PORT", address);
    }
    if (number == EACCES) {
        scope_fail(scope, FORBIDDEN, "port %d of %s may not be listened at", port, address);
        return scope_hint(scope, "ports below 1024 need a privilege; put a proxy in front");
    }
    return scope_fail(scope, UNAVAILABLE, "cannot listen at %s port %d: %s", address, port,
                      strerror(number));
}

static int open_listener(const struct addrinfo *where) {
    const int yes = 1;
    const int fd = socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, where->ai_addr, where->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    close(fd);
    return -1;
}

static uint16_t bound_port(int fd) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {0};
    socklen_t size = sizeof(address);

    if (getsockname(fd, &address.any, &size) != 0)
        return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

code socket_listen(struct scope *scope, const char *address, uint16_t port, int *ret_fd,
                   uint16_t *ret_port) {
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *where;
    char service[8];
    int number, fd;

    snprintf(service, sizeof(service), "%u", port);
    if (getaddrinfo(address, service, &hints, &where) != 0)
        return scope_fail(scope, INVALID, "\"%s\" is not an IP address to listen at", address);
    fd = open_listener(where);
    number = errno;
    freeaddrinfo(where);
    if (fd < 0)
        return cannot_listen(scope, address, port, number);
    *ret_fd = fd;
    *ret_port = bound_port(fd);
    return OK;
}

// The path of a socket has some hundred bytes at most; through the folder's descriptor any fits.
static int bind_as(int folder_fd, const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    unlinkat(folder_fd, name, 0);
    snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", folder_fd, name);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        fchmodat(folder_fd, name, 0600, 0) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

// It gets its name when it answers: of two servers that share the folder the later one is reached
// by it, whichever way they start.
static int bind_in_folder(const char *folder, ino_t *ret_inode) {
    const int folder_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct stat status;
    char name[32];
    int fd;

    if (folder_fd < 0)
        return -1;
    snprintf(name, sizeof(name), "socket.%d", (int)getpid());
    fd = bind_as(folder_fd, name);
    if (fd >= 0 && (fstatat(folder_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
                    renameat(folder_fd, name, folder_fd, "socket") != 0)) {
        close(fd);
        fd = -1;
    }
    if (fd >= 0)
        *ret_inode = status.st_ino;
    close(folder_fd);
    return fd;
}

code socket_listen_store(struct scope *scope, const char *store_path, int *ret_fd,
                         ino_t *ret_inode) {
    const int fd = bind_in_folder(store_path, ret_inode);

    if (fd < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot listen at %s/socket: %s", store_path,
                          strerror(errno));
    *ret_fd = fd;
    return OK;
}

void socket_remove_store(const char *store_path, ino_t inode) {
    const int folder_fd = open(store_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct stat status;

    if (folder_fd < 0)
        return;
    if (fstatat(folder_fd, "socket", &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_ino == inode)
        unlinkat(folder_fd, "socket", 0);
    close(folder_fd);
}

static void name_user(uid_t uid, char user[SOCKET_USER_SIZE]) {
    struct passwd entry, *found = NULL;
    char memory[4096];

    if (getpwuid_r(uid, &entry, memory, sizeof(memory), &found) == 0 && found)
        snprintf(user, SOCKET_USER_SIZE, "%s", found->pw_name);
    else
        snprintf(user, SOCKET_USER_SIZE, "uid %ld", (long)uid);
}

bool socket_is_owner(int fd, char user[SOCKET_USER_SIZE]) {
    struct ucred peer;
    socklen_t size = sizeof(peer);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        (peer.uid != geteuid() && peer.uid != 0))
        return false;
    name_user(peer.uid, user);
    return true;
}

void socket_peer_address(int fd, char address[SOCKET_ADDRESS_SIZE]) {
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof(peer);

    address[0] = '\0';
    if (getpeername(fd, (struct sockaddr *)&peer, &size) != 0)
        return;
    if (peer.ss_family == AF_INET) {
        inet_ntop(AF_INET, &((struct sockaddr_in *)&peer)->sin_addr, address, SOCKET_ADDRESS_SIZE);
    } else if (peer.ss_family == AF_INET6) {
        const struct in6_addr *v6 = &((struct sockaddr_in6 *)&peer)->sin6_addr;

        if (IN6_IS_ADDR_V4MAPPED(v6))
            inet_ntop(AF_INET, &v6->s6_addr[12], address, SOCKET_ADDRESS_SIZE);
        else
            inet_ntop(AF_INET6, v6, address, SOCKET_ADDRESS_SIZE);
    }
}
