// SPDX-License-Identifier: Apache-2.0
// Whose a running job is, where several processes work in one database: one that does not renew its
// lease in time is taken for dead. Clocks of the machines must agree to a few seconds. In a store
// that one process owns nothing here asks or writes anything: the kernel knows who is alive.
#pragma once

#include "base/scope.h"

enum { JOB_LEASE_S = 20, JOB_LEASE_RENEWED_S = 5 };

// Can other processes run jobs of this store?
bool job_lease_is_needed(const struct scope *scope);
// In the transaction that claims the job / that writes its end.
code job_lease_take(struct scope *scope, int64_t job_id);
code job_lease_drop(struct scope *scope, int64_t job_id);
// *ret_is_ours is false when another process has taken the job over.
code job_lease_renew(struct scope *scope, int64_t job_id, bool *ret_is_ours);
code job_lease_check(struct scope *scope, int64_t job_id, bool *ret_is_ours);
// Is the owner of a running job gone? until_us: of its lease, 0: none.
bool job_lease_is_over(const struct scope *scope, struct text owner, int64_t until_us);
