// SPDX-License-Identifier: Apache-2.0
// Which addresses are somebody else's: on the public internet, and none that this machine, its
// network or its cloud answers at. Pure.
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

// The ranges that IANA's special-purpose registries for IPv4 and IPv6 set apart are not public,
// however they are written: IPv4 within IPv6 (mapped, NAT64, 6to4) is what it stands for. Other
// families never are.
bool address_is_public(const struct sockaddr *address);
