// SPDX-License-Identifier: Apache-2.0
// A server's thread that keeps live segments true (follow.h). Of several servers in one database
// one does it, for all of them.
#pragma once

#include "store/store.h"

struct follower;

code follower_start(struct scope *scope, struct store *store, struct follower **ret_follower);
// Ends what runs at its next safe point. Takes NULL.
void follower_stop(struct follower *follower);
