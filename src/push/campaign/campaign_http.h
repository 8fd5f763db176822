// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_parameter campaign_list_parameters[];
extern const struct route_body campaign_create_body;
extern const struct route_body campaign_change_body;
extern const struct route_body campaign_step_body;
extern const struct route_body campaign_import_body;
extern const struct route_body campaign_audience_body;
extern const struct route_body campaign_test_body;
extern const struct route_body channel_change_body;
extern const struct route_parameter campaign_messages_parameters[];
extern const struct route_answer campaign_saved_answer;
extern const struct route_answer campaign_show_answer;
extern const struct route_answer campaign_audience_answer;
extern const struct route_answer campaign_result_answer;
extern const struct route_answer campaign_resend_answer;
extern const struct route_answer campaign_file_answer;

code campaign_http_list(struct scope *scope, const struct request *request,
                        struct response *response);
code campaign_http_create(struct scope *scope, const struct request *request,
                          struct response *response);
code campaign_http_show(struct scope *scope, const struct request *request,
                        struct response *response);
code campaign_http_change(struct scope *scope, const struct request *request,
                          struct response *response);
code campaign_http_delete(struct scope *scope, const struct request *request,
                          struct response *response);
code campaign_http_step(struct scope *scope, const struct request *request,
                        struct response *response);
code campaign_http_import(struct scope *scope, const struct request *request,
                          struct response *response);
code campaign_http_audience(struct scope *scope, const struct request *request,
                            struct response *response);
code campaign_http_test(struct scope *scope, const struct request *request,
                        struct response *response);
code campaign_http_result(struct scope *scope, const struct request *request,
                          struct response *response);
code campaign_http_messages(struct scope *scope, const struct request *request,
                            struct response *response);
code campaign_http_resend(struct scope *scope, const struct request *request,
                          struct response *response);
// The files that the campaign's channel made, and one of them by its name.
code campaign_http_files(struct scope *scope, const struct request *request,
                         struct response *response);
code campaign_http_file(struct scope *scope, const struct request *request,
                        struct response *response);
code channel_http_list(struct scope *scope, const struct request *request,
                       struct response *response);
code channel_http_change(struct scope *scope, const struct request *request,
                         struct response *response);

// ---- what the files of this noun share ----

// The id that a page's "next" was; `otherwise` for the first page.
code campaign_after(struct scope *scope, const struct request *request, int64_t otherwise,
                    int64_t *ret_id);
// A member of an object; 0: null.
void campaign_write_instant(struct response *response, const char *key, int64_t at_us);
