// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

// session_http.c: who is signed in, signing in and out, one-time links
extern const struct route_answer session_answer, invitation_check_answer;
extern const struct route_body session_start_body, invitation_check_body, invitation_accept_body;

code session_http_show(struct scope *scope, const struct request *request,
                       struct response *response);
code session_http_start(struct scope *scope, const struct request *request,
                        struct response *response);
code session_http_end(struct scope *scope, const struct request *request,
                      struct response *response);
code invitation_http_check(struct scope *scope, const struct request *request,
                           struct response *response);
code invitation_http_accept(struct scope *scope, const struct request *request,
                            struct response *response);

// own_account_http.c: what everybody does with their own account
extern const struct route_body own_password_body, own_factor_body;
extern const struct route_answer own_session_end_answer, own_factor_begin_answer;
extern const struct route_answer own_factor_confirm_answer, own_factor_remove_answer;

code own_password_http_change(struct scope *scope, const struct request *request,
                              struct response *response);
code own_sessions_http_list(struct scope *scope, const struct request *request,
                            struct response *response);
code own_sessions_http_end(struct scope *scope, const struct request *request,
                           struct response *response);
code own_factor_http_begin(struct scope *scope, const struct request *request,
                           struct response *response);
code own_factor_http_confirm(struct scope *scope, const struct request *request,
                             struct response *response);
code own_factor_http_remove(struct scope *scope, const struct request *request,
                            struct response *response);

// account_http.c: everybody's
extern const struct route_body account_create_body, account_change_body, account_invite_body;
extern const struct route_answer account_invite_answer, account_change_answer;

code account_http_list(struct scope *scope, const struct request *request,
                       struct response *response);
code account_http_create(struct scope *scope, const struct request *request,
                         struct response *response);
code account_http_change(struct scope *scope, const struct request *request,
                         struct response *response);
code account_http_invite(struct scope *scope, const struct request *request,
                         struct response *response);

// key_http.c
extern const struct route_body key_create_body;
extern const struct route_answer key_create_answer, key_revoke_answer;

code key_http_list(struct scope *scope, const struct request *request, struct response *response);
code key_http_create(struct scope *scope, const struct request *request, struct response *response);
code key_http_revoke(struct scope *scope, const struct request *request, struct response *response);
