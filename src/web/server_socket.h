// SPDX-License-Identifier: Apache-2.0
// Sockets: where the server listens, and who is at the other end.
#pragma once

#include "base/scope.h"

#include <netinet/in.h>

enum { SOCKET_ADDRESS_SIZE = INET6_ADDRSTRLEN };

// A numeric address, IPv4 or IPv6; port 0: any that is free. CONFLICT: the port is taken.
code socket_listen(struct scope *scope, const char *address, uint16_t port, int *ret_fd,
                   uint16_t *ret_port);
// The socket in the store's folder, mode 0600; one that is there already is replaced: a process
// left it behind, or another server shares the folder. Its inode tells whose it is, so that a
// server removes its own.
code socket_listen_store(struct scope *scope, const char *store_path, int *ret_fd,
                         ino_t *ret_inode);
void socket_remove_store(const char *store_path, ino_t inode);

// The other end of a connection of that socket is this process' user or root, whose name it says
// then.
enum { SOCKET_USER_SIZE = 64 };
bool socket_is_owner(int fd, char user[SOCKET_USER_SIZE]);
// "192.0.2.7", also of an IPv4 address in IPv6's clothes; empty for a socket of the store.
void socket_peer_address(int fd, char address[SOCKET_ADDRESS_SIZE]);
