// SPDX-License-Identifier: Apache-2.0
// Every command of the program. Nouns declare their commands in noun_cli.h.
//
// To add one to a noun that is listed: give it a row in the noun's noun_cli.c, nothing here.
// To add a noun:
//   1. declare `extern const struct command noun_commands[]; extern const size_t
//   noun_command_count;`
//      in noun_cli.h, define them in noun_cli.c;
//   2. include that header and give the noun a row here: the wing it is shown under (plug, host,
//      analyze, govern, operate), its commands. The order here is the order of the help.
#include "analyze/attribution/attribution_cli.h"
#include "analyze/churn/churn_cli.h"
#include "analyze/dashboard/dashboard_cli.h"
#include "analyze/decide/decide_cli.h"
#include "analyze/experiment/experiment_cli.h"
#include "analyze/forecast/forecast_cli.h"
#include "analyze/lifetime_value/lifetime_value_cli.h"
#include "analyze/metric/metric_cli.h"
#include "analyze/persona/persona_cli.h"
#include "analyze/regression/regression_cli.h"
#include "analyze/report/report_cli.h"
#include "analyze/retention/retention_cli.h"
#include "analyze/rfm/rfm_cli.h"
#include "analyze/segment/segment_cli.h"
#include "analyze/sql/sql_cli.h"
#include "analyze/uplift/uplift_cli.h"
#include "app/openapi_cli.h"
#include "app/serve_cli.h"
#include "app/tables.h"
#include "govern/access/access_cli.h"
#include "govern/audit/audit_cli.h"
#include "govern/backup/backup_cli.h"
#include "govern/consent/consent_cli.h"
#include "govern/operation/config_cli.h"
#include "govern/operation/doctor_cli.h"
#include "govern/operation/job_cli.h"
#include "govern/operation/setting_cli.h"
#include "govern/operation/storage_cli.h"
#include "govern/operation/store_cli.h"
#include "host/catalogue/catalogue_cli.h"
#include "host/customer/customer_cli.h"
#include "host/identity/identity_cli.h"
#include "host/sale/sale_cli.h"
#include "plug/import/import_cli.h"
#include "plug/inbound/hook_cli.h"
#include "plug/sample/sample_cli.h"
#include "plug/sender/sender_cli.h"
#include "plug/tag/tag_cli.h"
#include "push/campaign/campaign_cli.h"
#include "push/coupon/coupon_cli.h"
#include "push/mail/mail_cli.h"
#include "push/sheet/sheet_cli.h"
#include "push/sms/sms_cli.h"
#include "push/template/template_cli.h"
#include "push/webhook/webhook_cli.h"

// clang-format off
const struct command_group command_groups[] = {
    {"plug", import_commands, &import_command_count},
    {"plug", sample_commands, &sample_command_count},
    {"plug", sender_commands, &sender_command_count},
    {"plug", tag_commands, &tag_command_count},
    {"plug", hook_commands, &hook_command_count},
    {"host", customer_commands, &customer_command_count},
    {"host", identity_commands, &identity_command_count},
    {"host", catalogue_commands, &catalogue_command_count},
    {"host", sale_commands, &sale_command_count},
    {"analyze", metric_commands, &metric_command_count},
    {"analyze", report_commands, &report_command_count},
    {"analyze", rfm_commands, &rfm_command_count},
    {"analyze", retention_commands, &retention_command_count},
    {"analyze", lifetime_value_commands, &lifetime_value_command_count},
    {"analyze", attribution_commands, &attribution_command_count},
    {"analyze", churn_commands, &churn_command_count},
    {"analyze", regression_commands, &regression_command_count},
    {"analyze", forecast_commands, &forecast_command_count},
    {"analyze", persona_commands, &persona_command_count},
    {"analyze", experiment_commands, &experiment_command_count},
    {"analyze", uplift_commands, &uplift_command_count},
    {"analyze", segment_commands, &segment_command_count},
    {"analyze", dashboard_commands, &dashboard_command_count},
    {"analyze", decide_commands, &decide_command_count},
    {"analyze", sql_commands, &sql_command_count},
    {"push", campaign_commands, &campaign_command_count},
    {"push", sms_commands, &sms_command_count},
    {"push", template_commands, &template_command_count},
    {"push", webhook_commands, &webhook_command_count},
    {"push", coupon_commands, &coupon_command_count},
    {"push", sheet_commands, &sheet_command_count},
    {"govern", consent_commands, &consent_command_count},
    {"push", mail_commands, &mail_command_count},
    {"govern", account_commands, &account_command_count},
    {"govern", key_commands, &key_command_count},
    {"govern", audit_commands, &audit_command_count},
    {"operate", openapi_commands, &openapi_command_count},
    {"operate", serve_commands, &serve_command_count},
    {"operate", backup_commands, &backup_command_count},
    {"operate", config_commands, &config_command_count},
    {"operate", doctor_commands, &doctor_command_count},
    {"operate", job_commands, &job_command_count},
    {"operate", setting_commands, &setting_command_count},
    {"operate", storage_commands, &storage_command_count},
    {"operate", store_commands, &store_command_count},
    {"operate", cli_commands, &cli_command_count},
};
// clang-format on
const size_t command_group_count = sizeof(command_groups) / sizeof(*command_groups);
