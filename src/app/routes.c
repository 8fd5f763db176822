// SPDX-License-Identifier: Apache-2.0
// Every route of the program; the rows of each wing stand in routes_WING.def. Nouns declare their
// handlers in noun_http.h.
//
// To add one:
//   1. write the handler in the noun's noun_http.c and declare it in noun_http.h;
//   2. include that header and give the route a row in the file of its wing, in the order of the
//      paths; of two that match the same path the first is taken, so words stand before
//      {placeholders};
//   3. name the permission it needs: a route without one is refused to everybody;
//   4. summary: one line, as it shall stand in the API reference;
//   5. what goes in and comes out, declared beside the handler: the parameters of the query (none
//      but these are taken), the body of a POST, PUT or PATCH, or that it takes none, the answer;
//   6. of a POST that makes something: once = ROUTE_ONCE, or ROUTE_ONCE_SECRET when its answer
//      holds a secret;
//   7. whether it counts over all data (is_heavy): what asks the lake does.
#include "analyze/attribution/attribution_http.h"
#include "analyze/attribution/cost_http.h"
#include "analyze/bridge/bridge_http.h"
#include "analyze/churn/churn_http.h"
#include "analyze/dashboard/dashboard_http.h"
#include "analyze/decide/decide_http.h"
#include "analyze/experiment/experiment_http.h"
#include "analyze/forecast/forecast_http.h"
#include "analyze/lifetime_value/lifetime_value_http.h"
#include "analyze/metric/metric_http.h"
#include "analyze/persona/persona_http.h"
#include "analyze/regression/regression_http.h"
#include "analyze/report/report_http.h"
#include "analyze/retention/retention_http.h"
#include "analyze/retention/tenure_http.h"
#include "analyze/rfm/rfm_http.h"
#include "analyze/run/run_http.h"
#include "analyze/segment/segment_http.h"
#include "analyze/sql/saved_query_http.h"
#include "analyze/sql/sql_http.h"
#include "analyze/uplift/uplift_http.h"
#include "app/openapi_http.h"
#include "app/tables.h"
#include "govern/access/access.h"
#include "govern/access/access_http.h"
#include "govern/audit/audit_http.h"
#include "govern/backup/backup_http.h"
#include "govern/consent/consent_http.h"
#include "govern/consent/preference_http.h"
#include "govern/export/export_http.h"
#include "govern/operation/doctor_http.h"
#include "govern/operation/job_http.h"
#include "govern/operation/setting_http.h"
#include "govern/operation/storage_http.h"
#include "host/catalogue/catalogue_http.h"
#include "host/customer/consent_http.h"
#include "host/customer/customer_http.h"
#include "host/identity/identity_http.h"
#include "host/sale/sale_http.h"
#include "plug/collect/recent_http.h"
#include "plug/collect/replay_http.h"
#include "plug/import/import_http.h"
#include "plug/inbound/hook_http.h"
#include "plug/sample/sample_http.h"
#include "plug/sender/sender_http.h"
#include "plug/tag/tag_http.h"
#include "plug/upload/upload_http.h"
#include "push/campaign/campaign_http.h"
#include "push/coupon/coupon_http.h"
#include "push/letter/letter_http.h"
#include "push/mail/mail_http.h"
#include "push/sheet/sheet_http.h"
#include "push/sms/sms_http.h"
#include "push/template/template_http.h"
#include "push/webhook/webhook_http.h"
#include "web/live.h"

// clang-format off
const struct route routes[] = {
#include "app/routes_govern.def"
#include "app/routes_host.def"
#include "app/routes_plug.def"
#include "app/routes_analyze.def"
#include "app/routes_push.def"
};
// clang-format on
const size_t route_count = sizeof(routes) / sizeof(*routes);
