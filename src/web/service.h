// SPDX-License-Identifier: Apache-2.0
// What a server process owes the system that runs it: nothing to be had from a crash, no way to
// more rights, and word of how it stands. systemd is told through its socket, without its library.
#pragma once

#include "base/scope.h"

// No core dumps, which would hold personal data; nobody but root may trace the process; nothing it
// starts gains rights. UNAVAILABLE when the kernel refuses.
code service_harden(struct scope *scope);

// "READY=1", "STOPPING=1": to the socket that $NOTIFY_SOCKET names. Nothing happens without one;
// a manager that does not listen is no reason to fail.
void service_tell(const char *state);
