// SPDX-License-Identifier: Apache-2.0
// Is mail ready for many? What receivers ask of a sender (SPF, DKIM, DMARC, the relay's name and
// TLS, one click), each with what to do where it is not so.
#pragma once

#include "govern/operation/doctor.h"
#include "push/mail/dns.h"

// *ret_is_red: a check failed; mail for many should not leave.
code mail_doctor_examine(struct scope *scope, const struct dns_server *server,
                         struct doctor_check **ret_checks, size_t *ret_count, bool *ret_is_red);
