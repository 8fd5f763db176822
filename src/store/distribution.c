// SPDX-License-Identifier: Apache-2.0
// Tables that are spread come in the order in which they are: the first of a group makes it.
#include "store/distribution.h"

#define MADE_BY_THE_PROGRAM "ids are made by the program and never given twice (store_new_id)"
#define LOOKED_FOR_FIRST                                                                           \
    "whoever writes has looked for (source, key) on all machines in the writers' turn; the same "  \
    "delivery has the same home, where the constraint stands behind it"

const struct table_distribution table_distributions[] = {
    // What belongs to a customer. Origins never change, nor does a home.
    {"customer", TABLE_SPREAD, "id", GROUP_OF_CUSTOMERS, NULL},
    {"profile", TABLE_SPREAD, "subject", GROUP_OF_CUSTOMERS, NULL},
    {"search_term", TABLE_SPREAD, "origin", GROUP_OF_CUSTOMERS, NULL},
    {"segment_member", TABLE_SPREAD, "customer", GROUP_OF_CUSTOMERS, NULL},
    {"analysis_score", TABLE_SPREAD, "customer", GROUP_OF_CUSTOMERS, NULL},
    {"sale", TABLE_SPREAD, "home", GROUP_OF_CUSTOMERS, LOOKED_FOR_FIRST},
    {"sale_line", TABLE_SPREAD, "home", GROUP_OF_CUSTOMERS,
     "a receipt has one home, and its lines are counted on from what stands there"},
    {"event", TABLE_SPREAD, "home", GROUP_OF_CUSTOMERS, LOOKED_FOR_FIRST},
    {"consent", TABLE_SPREAD, "home", GROUP_OF_CUSTOMERS, LOOKED_FOR_FIRST},

    // Who is who. An identifier is claimed by its value: UNIQUE (kind, source, value) holds it.
    {"identifier", TABLE_SPREAD, "value", "identifier", MADE_BY_THE_PROGRAM},
    {"link", TABLE_SPREAD, "identifier_a", "link", MADE_BY_THE_PROGRAM},
    {"identity_conflict", TABLE_SPREAD, "identifier_a", "link", MADE_BY_THE_PROGRAM},

    // Joined with the above everywhere. An alias stands for an origin that became another customer.
    {"alias", TABLE_EVERYWHERE, NULL, NULL, NULL},
    {"identifier_guard", TABLE_EVERYWHERE, NULL, NULL, NULL},
    {"product", TABLE_EVERYWHERE, NULL, NULL, NULL},
    {"segment", TABLE_EVERYWHERE, NULL, NULL, NULL},
    {"staff", TABLE_EVERYWHERE, NULL, NULL, NULL},
    {"store", TABLE_EVERYWHERE, NULL, NULL, NULL},
    {"suppressed_identifier", TABLE_EVERYWHERE, NULL, NULL, NULL},

    // The book-keeping of the servers.
    {"account", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"account_device", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"account_invitation", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"account_recovery", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"account_session", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"analysis_run", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"api_key", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"audience_member", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"audit", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"campaign", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"campaign_arm", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"change", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"channel", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"channel_cost", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"collection_month", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"consent_confirmation", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"consent_purpose", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"consent_purpose_version", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"coupon", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"coupon_redemption", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"coupon_series", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"dashboard", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"dashboard_mail", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"expiry", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"export", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"forecast_series", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"hook", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"hook_message", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"idempotency", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"identity_epoch", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"import", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"job", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"job_lease", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"job_log", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"mail_bounce", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"mail_day", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"mail_key", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"mail_setup", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"letter_stationery", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"mapping", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"message", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"persona_name", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"profile_epoch", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"quarantine", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"recent", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"recent_watch", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"saved_query", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"schema_version", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"segment_follow", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"segment_history", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"segment_move", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"sender", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"sender_hour", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"setting", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"sms_gateway", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"suppression", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"tag_draft", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"tag_version", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"template", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"template_version", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"throttle", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"upload", TABLE_COORDINATOR, NULL, NULL, NULL},
    {"webhook_endpoint", TABLE_COORDINATOR, NULL, NULL, NULL},
};
const size_t table_distribution_count = sizeof(table_distributions) / sizeof(*table_distributions);

const struct table_distribution *table_distribution_find(struct text table) {
    for (size_t i = 0; i < table_distribution_count; i++)
        if (text_equal(table, text_of(table_distributions[i].table)))
            return &table_distributions[i];
    return NULL;
}

const char *table_stand_name(enum table_stand stand) {
    static const char *const names[] = {"spread", "everywhere", "coordinator"};

    return names[stand];
}
