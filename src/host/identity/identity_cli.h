// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command identity_commands[];
extern const size_t identity_command_count;
