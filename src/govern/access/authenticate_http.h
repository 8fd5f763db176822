// SPDX-License-Identifier: Apache-2.0
// Who asks? For the server (web/server.h), before every handler.
#pragma once

#include "govern/access/account.h"
#include "web/router.h"

// Sets scope->actor: the user at the other end of the store's socket with every permission, the
// API key's, the account's that the cookie names, or nobody's. UNAUTHENTICATED when nobody may not
// and somebody could; FORBIDDEN when who asks may not (which the audit log is told, not more than
// once in ten minutes), and for requests that another site has a browser make.
code access_authenticate(struct scope *scope, const struct request *request,
                         const struct route *route);
