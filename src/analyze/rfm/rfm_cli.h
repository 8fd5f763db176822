// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command rfm_commands[];
extern const size_t rfm_command_count;
