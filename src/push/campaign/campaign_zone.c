// SPDX-License-Identifier: Apache-2.0
#include "push/campaign/campaign_zone.h"

#include "base/json.h"
#include "campaign_sql.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <stdlib.h>

enum { MOST_ZONES = 64 }; // open at once; what is beyond goes by the business zone

struct campaign_zones {
    struct quiet_hours quiet;
    struct zone *business;
    struct {
        struct text name; // on the heap
        struct zone *zone;
    } known[MOST_ZONES];
    size_t count;
};

code campaign_zones_open(struct scope *scope, struct campaign_zones **ret_zones) {
    struct campaign_zones *zones;
    struct settings settings;
    struct zone *business;

    TRY(settings_load(scope, &settings));
    TRY(zone_open(scope, settings.zone, &business));
    zones = calloc(1, sizeof(*zones));
    if (!zones)
        abort();
    zones->business = business;
    quiet_hours_parse(settings.quiet_hours, &zones->quiet);
    *ret_zones = zones;
    return OK;
}

void campaign_zones_close(struct campaign_zones **zones) {
    struct campaign_zones *open = *zones;

    *zones = NULL;
    if (!open)
        return;
    for (size_t i = 0; i < open->count; i++) {
        zone_free(open->known[i].zone);
        free((char *)open->known[i].name.data);
    }
    zone_free(open->business);
    free(open);
}

const struct quiet_hours *campaign_quiet_hours(const struct campaign_zones *zones) {
    return &zones->quiet;
}

static struct zone *zone_named(struct scope *scope, struct campaign_zones *zones,
                               struct text name) {
    struct zone *zone;

    for (size_t i = 0; i < zones->count; i++)
        if (text_equal(zones->known[i].name, name))
            return zones->known[i].zone;
    if (name.size == 0 || zones->count == MOST_ZONES)
        return zones->business;
    if (zone_open(scope, name, &zone) != OK) {
        scope_forgive(scope); // no zone of that name: the business zone
        return zones->business;
    }
    zones->known[zones->count].name = (struct text){strndup(name.data, name.size), name.size};
    zones->known[zones->count++].zone = zone;
    return zone;
}

code campaign_zone_of(struct scope *scope, struct campaign_zones *zones, int64_t customer,
                      struct zone **ret_zone) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct json *attributes;
    const struct json *zone = NULL;
    bool found;

    TRY(ledger_find(scope, sql_campaign_customer_attributes, BINDS(BIND_INT64(customer)), &rows,
                    &found));
    if (found && rows_text(rows, 0).size > 0) {
        TRY(json_parse_own(scope, text_copy(&scope->arena, rows_text(rows, 0)), &attributes));
        zone = json_member(attributes, "time_zone");
    }
    *ret_zone = zone_named(scope, zones,
                           zone && zone->type == JSON_STRING ? zone->string : (struct text){0});
    return OK;
}
