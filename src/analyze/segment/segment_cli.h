// SPDX-License-Identifier: Apache-2.0
// Segments from the command line.
#pragma once

#include "cli/command.h"

extern const struct command segment_commands[];
extern const size_t segment_command_count;
