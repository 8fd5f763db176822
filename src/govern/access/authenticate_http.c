// SPDX-License-Identifier: Apache-2.0
#include "govern/access/authenticate_http.h"

#include "govern/access/access_session.h"
#include "govern/access/key.h"
#include "govern/access/second_factor.h"
#include "govern/access/secret.h"
#include "govern/access/throttle.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"
#include "store/store.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

static void set_actor(struct scope *scope, struct text name, uint32_t permissions) {
    scope->actor = (struct actor){.permissions = permissions};
    snprintf(scope->actor.name, sizeof(scope->actor.name), "%.*s", TEXT_ARG(name));
}

// ---- who ----

static void become_owner(struct scope *scope, const struct request_client *client) {
    const struct passwd *user = client->user.size == 0 ? getpwuid(geteuid()) : NULL;

    set_actor(scope, user ? text_of(user->pw_name) : client->user, MAY_EVERYTHING);
}

static code become_key(struct scope *scope, struct text given) {
    struct api_key key = {0};
    bool found = false;

    TRY(key_find(scope, given, &key, &found));
    if (!found) {
        scope_fail(scope, UNAUTHENTICATED, "this key is unknown, revoked or expired");
        return scope_hint(scope, "`tessera key add` makes one");
    }
    set_actor(scope, text_printf(&scope->arena, "key %.*s", TEXT_ARG(key.name)), key.permissions);
    return OK;
}

// An open page that only listens is nobody at work.
static bool is_use(const struct route *route) {
    return !route->answer || route->answer->type != ANSWER_EVENTS;
}

static code become_account(struct scope *scope, const struct request_client *client,
                           const struct route *route) {
    struct access_session session = {0};
    bool found = false, is_missing = false;

    TRY(access_session_find(scope, client->session, &session, &found));
    if (!found)
        return OK;
    if (is_use(route))
        access_session_touch(scope, &session);
    TRY(second_factor_is_missing(scope, &session.account, client->is_secure, &is_missing));
    set_actor(scope, session.account.name,
              is_missing ? role_permissions_without_factor()
                         : role_permissions(session.account.role));
    scope->actor.account_id = session.account.id;
    scope->actor.session_id = session.id;
    return OK;
}

// ---- from where ----

// Browsers say from which site a request comes: all that are in use in one header, older ones in
// another. Programs that are no browsers say neither.
static bool is_of_own_site(const struct request_client *client, struct text base_url) {
    const struct text origin = client->origin;
    struct text rest;

    if (client->fetch_site.size > 0)
        return text_is(client->fetch_site, "same-origin");
    if (!text_starts_with(origin, client->is_secure ? TEXT("https://") : TEXT("http://")))
        return false;
    text_split(origin, '/', &rest); // "https:"
    text_split(rest, '/', &rest);   // nothing
    return (client->host.size > 0 && text_equal_ascii_case(rest, client->host)) ||
           text_equal_ascii_case(origin, base_url);
}

static code refuse_site(struct scope *scope) {
    scope_fail(scope, FORBIDDEN, "this request does not come from a page of Tessera");
    return scope_hint(scope, "programs show an API key: Authorization: Bearer tsk_…");
}

// Requests that change something, made by a browser. A page of another site can make it send the
// cookie, but can neither hide where the request comes from nor know the token.
static code check_site(struct scope *scope, const struct request_client *client,
                       const struct route *route) {
    const bool is_signed_in = scope->actor.account_id != 0;
    const struct config *config = store_config(session_store(scope));

    if (route->method == METHOD_GET ||
        (!is_signed_in && client->origin.size == 0 && client->fetch_site.size == 0))
        return OK;
    if (!is_of_own_site(client, config_base_url(&scope->arena, config)))
        return refuse_site(scope);
    if (!is_signed_in || route->permission == MAY_SIGN_IN ||
        secret_equal(client->csrf, access_session_csrf(&scope->arena, client->session)))
        return OK;
    scope_fail(scope, FORBIDDEN, "the header X-CSRF-Token is missing or does not fit");
    return scope_hint(scope, "GET /api/v1/session tells it as \"csrf\"");
}

// ---- may they ----

static code tell_denial(struct scope *scope, const struct route *route, struct text name) {
    TRY(throttle_tell(scope, name));
    return AUDIT(scope, "access.deny", text_of(route->path),
                 {"method", text_of(method_name(route->method))},
                 {"permission", text_of(permission_key(route->permission))});
}

static code deny(struct scope *scope, const struct route *route) {
    const struct text name = text_printf(&scope->arena, "denial %s %s", scope->actor.name,
                                         permission_name(route->permission));
    bool was_told = false;

    TRY(throttle_was_told(scope, name, &was_told));
    if (!was_told) {
        TRY(ledger_begin(scope));
        TRY(ledger_end(scope, tell_denial(scope, route, name)));
    }
    if (scope->actor.permissions == role_permissions_without_factor()) {
        scope_fail(scope, FORBIDDEN, "this account needs a second factor first");
        return scope_hint(scope, "set one up on the page of your account");
    }
    return router_permit(scope, route);
}

static code check_permission(struct scope *scope, const struct request_client *client,
                             const struct route *route) {
    if (router_permit(scope, route) == OK)
        return OK;
    scope_forgive(scope);
    if (scope->actor.account_id != 0 || client->key.size > 0)
        return deny(scope, route);
    scope_fail(scope, UNAUTHENTICATED,
               client->session.size > 0 ? "the session has ended" : "nobody is signed in");
    return scope_hint(scope, "sign in, or show an API key: Authorization: Bearer tsk_…");
}

code access_authenticate(struct scope *scope, const struct request *request,
                         const struct route *route) {
    const struct request_client *client = request->client;

    if (!client)
        return OK; // made in this process, by whoever the scope says
    if (client->is_owner) {
        become_owner(scope, client);
        return OK;
    }
    set_actor(scope, TEXT("nobody"), role_nobody_permissions());
    if (client->key.size > 0)
        TRY(become_key(scope, client->key));
    else if (client->session.size > 0)
        TRY(become_account(scope, client, route));
    if (client->key.size == 0)
        TRY(check_site(scope, client, route));
    return check_permission(scope, client, route);
}
