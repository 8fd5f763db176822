// SPDX-License-Identifier: Apache-2.0
// Whose a running job is, where several processes work in one database: one that does not renew its
// lease in time is taken for dead, by the clock of the database. In a store that one process owns
// nothing here asks or writes anything: the kernel knows who is alive.
#pragma once

#include "base/scope.h"

struct store;

// How often it is renewed: others may miss two of three.
int64_t job_lease_renewed_us(const struct store *store);
// Can other processes run jobs of this store?
bool job_lease_is_needed(const struct scope *scope);
// For a job that is about to be queued: where this process runs no queue and others do, it waits
// for this one, which is its owner then. NULL text: it waits for everybody.
code job_lease_reserve(struct scope *scope, int64_t job_id, struct text *ret_owner);
// What waits for this process waits for everybody from now on.
void job_lease_release_all(struct store *store);
// In the transaction that claims the job / that writes its end.
code job_lease_take(struct scope *scope, int64_t job_id);
code job_lease_drop(struct scope *scope, int64_t job_id);
// *ret_is_ours is false when another process has taken the job over.
code job_lease_renew(struct scope *scope, int64_t job_id, bool *ret_is_ours);
code job_lease_check(struct scope *scope, int64_t job_id, bool *ret_is_ours);
// The instant that leases end by; 0 where there are none.
code job_lease_now(struct scope *scope, int64_t *ret_now_us);
// Is the owner of a running job gone? until_us: of its lease, 0: none; now_us: job_lease_now.
bool job_lease_is_over(struct text owner, int64_t until_us, int64_t now_us);
