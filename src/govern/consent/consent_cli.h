// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command consent_commands[];
extern const size_t consent_command_count;
