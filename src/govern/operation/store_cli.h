// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command store_commands[];
extern const size_t store_command_count;
