// SPDX-License-Identifier: Apache-2.0
// `tessera tag …`
#pragma once

#include "cli/command.h"

extern const struct command tag_commands[];
extern const size_t tag_command_count;
