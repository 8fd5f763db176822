// SPDX-License-Identifier: Apache-2.0
// The commands import, mapping and quarantine.
#pragma once

#include "cli/command.h"

extern const struct command import_commands[];
extern const size_t import_command_count;
