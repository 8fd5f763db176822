// SPDX-License-Identifier: Apache-2.0
// tessera sample.
#pragma once

#include "cli/command.h"

extern const struct command sample_commands[];
extern const size_t sample_command_count;
