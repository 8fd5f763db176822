// SPDX-License-Identifier: Apache-2.0
#include "app/chores.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/time.h"
#include "govern/access/access_session.h"
#include "govern/access/throttle.h"
#include "govern/export/export.h"
#include "plug/upload/upload.h"
#include "push/campaign/campaign.h"
#include "push/confirmation/confirmation.h"
#include "push/sheet/sheet_mail.h"
#include "web/server_once.h"

enum { EVERY_S = 60 * 60 };

// To add one: a function that does little when there is little to do, and that may be run twice.
static const struct chore {
    const char *name;
    code (*run)(struct scope *scope);
} all[] = {
    {"uploads", upload_expire},          {"exports", export_expire},
    {"sessions", access_session_expire}, {"throttles", throttle_expire},
    {"idempotency_keys", once_expire},
};

// What cannot wait for the hour: asked for at each look.
static const struct chore often[] = {
    {"campaigns", campaign_start_due},
    {"confirmations", confirmation_send_due},
    {"dashboard_mails", sheet_mail_start_due},
};

static void run(struct store *store, const struct chore *chore) {
    struct scope scope;

    scope_init(&scope);
    scope.now_us = time_now_us();
    if (session_open(&scope, store) != OK || chore->run(&scope) != OK)
        LOG(LOG_LEVEL_WARN, "chore_failed", LOG_STRING("chore", chore->name),
            LOG_STRING("message", scope.failure.message),
            LOG_STRING("detail", scope.failure.detail));
    session_close(&scope);
    scope_clear(&scope);
}

// Who cannot ask does not lead.
static bool leads(struct store *store) {
    struct scope scope;
    bool leads = false;

    scope_init(&scope);
    if (store_leads(&scope, store, &leads) != OK)
        leads = false;
    scope_clear(&scope);
    return leads;
}

int chores_look_every_ms(const struct store *store) {
    return (int)store_config(store)->job_lease_s * 1000 / 4;
}

void chores_look(struct chores *chores, struct store *store) {
    const bool led = chores->leads;

    chores->leads = leads(store);
    if (chores->leads && !led) {
        LOG(LOG_LEVEL_INFO, "leading");
        chores->next_due_us = 0;
    }
    if (!chores->leads)
        return;
    for (size_t i = 0; i < sizeof(often) / sizeof(*often); i++)
        run(store, &often[i]);
    if (clock_us() < chores->next_due_us)
        return;
    chores->next_due_us = clock_us() + EVERY_S * US_PER_SECOND;
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        run(store, &all[i]);
    LOG(LOG_LEVEL_DEBUG, "chores_done");
}
