// SPDX-License-Identifier: Apache-2.0
// `tessera serve`: the server, until a signal ends it.
#pragma once

#include "cli/command.h"

extern const struct command serve_commands[];
extern const size_t serve_command_count;
