// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command sender_commands[];
extern const size_t sender_command_count;
