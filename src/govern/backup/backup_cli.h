// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command backup_commands[];
extern const size_t backup_command_count;
