// SPDX-License-Identifier: Apache-2.0
// The tables that tie the nouns into one program.
#pragma once

#include "cli/cli.h"
#include "web/server.h"

extern const struct route routes[]; // app/routes.c
extern const size_t route_count;

extern const struct command_group command_groups[]; // app/commands.c
extern const size_t command_group_count;

extern const struct job_kind job_kinds[]; // app/jobs.c
extern const size_t job_kind_count;

extern const struct asset assets[]; // the web app, made of ui/dist by tools/embed_assets.py
extern const size_t asset_count;
