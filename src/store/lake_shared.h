// SPDX-License-Identifier: Apache-2.0
// Questions to the lake that several ask: what is being worked on and what was answered lately, of
// one state of the lake. lake_query_shared (store/lake.h) asks through it.
#pragma once

#include "store/store.h"

struct shared_answers;

struct shared_answers *shared_answers_new(void);
void shared_answers_free(struct shared_answers *answers); // takes NULL; nobody asks any more
struct store_lake_counts shared_answers_counts(struct shared_answers *answers);
