// SPDX-License-Identifier: Apache-2.0
// tessera analyze persona, tessera persona rename, crossing, customers
#pragma once

#include "cli/command.h"

extern const struct command persona_commands[];
extern const size_t persona_command_count;
