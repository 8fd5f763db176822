// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command template_commands[];
extern const size_t template_command_count;
