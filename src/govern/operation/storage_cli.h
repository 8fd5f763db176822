// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command storage_commands[];
extern const size_t storage_command_count;
