// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command mail_commands[];
extern const size_t mail_command_count;
