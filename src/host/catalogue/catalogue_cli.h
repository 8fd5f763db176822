// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command catalogue_commands[];
extern const size_t catalogue_command_count;
