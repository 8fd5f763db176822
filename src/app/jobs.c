// SPDX-License-Identifier: Apache-2.0
// Every kind of job. A kind's name is kept in job rows: never give an old name to another kind.
//
// To add one:
//   1. write its run function in the noun's .c and declare it in the noun's header;
//   2. include that header and give the kind a row here. JOB_HEAVY when it writes for long: such
//      jobs are run one at a time, in the order in which they were asked for.
#include "analyze/attribution/attribution.h"
#include "analyze/churn/churn.h"
#include "analyze/forecast/forecast.h"
#include "analyze/lifetime_value/lifetime_value.h"
#include "analyze/persona/persona.h"
#include "analyze/regression/regression.h"
#include "analyze/segment/segment.h"
#include "analyze/uplift/uplift_run.h"
#include "app/tables.h"
#include "govern/backup/backup.h"
#include "plug/collect/replay.h"
#include "plug/import/import.h"
#include "plug/sample/sample_job.h"
#include "plug/tag/expiry.h"
#include "push/campaign/campaign.h"
#include "push/confirmation/confirmation.h"
#include "push/sheet/sheet_mail.h"

// clang-format off
const struct job_kind job_kinds[] = {
    {"attribution", attribution_run, JOB_LIGHT},
    {"backup", backup_run, JOB_LIGHT},
    {"campaign", campaign_run, JOB_LIGHT},
    {"churn", churn_run, JOB_LIGHT},
    {"confirmation", confirmation_run, JOB_LIGHT},
    {"forecast", forecast_run, JOB_LIGHT},
    {"import", import_run, JOB_HEAVY},
    {"import_undo", import_undo_run, JOB_HEAVY},
    {"lifetime_value", lifetime_value_run, JOB_LIGHT},
    {"regression", regression_run, JOB_LIGHT},
    {"persona", persona_run, JOB_LIGHT},
    {"dashboard_mail", sheet_mail_run, JOB_LIGHT},
    {"expiry", expiry_run, JOB_LIGHT},
    {"sample", sample_run, JOB_HEAVY},
    {"segment_refresh", segment_refresh_run, JOB_LIGHT},
    {"source_replay", collect_replay_run, JOB_HEAVY},
    {"uplift", uplift_run, JOB_LIGHT},
};
// clang-format on
const size_t job_kind_count = sizeof(job_kinds) / sizeof(*job_kinds);
