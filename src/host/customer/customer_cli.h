// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command customer_commands[];
extern const size_t customer_command_count;
