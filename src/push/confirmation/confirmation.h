// SPDX-License-Identifier: Apache-2.0
// Sends the messages that ask to confirm a consent (govern/consent/double_opt_in.h): a mail for
// what goes to e-mail addresses, a text message for what goes to telephones, each once. A row is
// started durably before anything leaves; what was started and never ended may have arrived and is
// not sent again.
#pragma once

#include "base/json.h"
#include "base/scope.h"

// A job for those whose time has come, unless one is on its way. Where no relay or gateway is set
// up they wait, and their rows say for what.
code confirmation_send_due(struct scope *scope);

// The job.
code confirmation_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                      struct json_writer *result);
