// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/attribution_http.h"

#include "analyze/attribution/attribution.h"
#include "analyze/run/run_http.h"

const struct route_answer attribution_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANALYSIS_SHOW_MEMBERS(
        "what was found: figures, the tables credit and values (channels by rules), "
        "campaign_credit and campaign_values, spread, returns, orders, top_paths, lengths, times; "
        "reading says what they mean, warnings when not to trust it"),
};

code attribution_http_show(struct scope *scope, const struct request *request,
                           struct response *response) {
    return analysis_http_show(scope, ANALYSIS_ATTRIBUTION, request, response);
}

code attribution_http_runs(struct scope *scope, const struct request *request,
                           struct response *response) {
    return analysis_http_runs(scope, ANALYSIS_ATTRIBUTION, request, response);
}

const struct route_body attribution_start_body = {
    .fields = attribution_fields,
    .field_count = ATTRIBUTION_FIELDS,
    .is_optional = true,
};

code attribution_http_start(struct scope *scope, const struct request *request,
                            struct response *response) {
    struct attribution_options options;
    int64_t job_id;

    TRY(attribution_read_options(scope, request->body, &options));
    TRY(attribution_start(scope, &options, &job_id));
    return analysis_http_started(scope, "attribution.run", job_id, response);
}
