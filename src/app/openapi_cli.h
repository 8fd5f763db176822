// SPDX-License-Identifier: Apache-2.0
// `tessera openapi`
#pragma once

#include "cli/command.h"

extern const struct command openapi_commands[];
extern const size_t openapi_command_count;
