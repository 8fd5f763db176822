// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command account_commands[];
extern const size_t account_command_count;

extern const struct command key_commands[];
extern const size_t key_command_count;
