// SPDX-License-Identifier: Apache-2.0
#include "analyze/bridge/bridge_http.h"

#include "analyze/bridge/bridge.h"
#include "analyze/metric/comparison_http.h"
#include "analyze/metric/selection_http.h"

#include <math.h>

const struct route_parameter bridge_parameters[] = {
    {.name = "compare",
     PARAMETER_CHOICE,
     "the period before: as many days, or the same days a year before; it needs from and to",
     .usual = "year",
     .choices = comparison_names},
    SELECTION_PARAMETERS,
    PARAMETERS_END,
};

const struct route_answer bridge_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        SELECTION_ANSWER, COMPARE_ANSWER,
        {.name = "total", ANSWER_TABLE, "revenue before and now, and the change"},
        {.name = "receipts",
         ANSWER_TABLE,
         "the change by how many receipts there were, how large they were, and what came back"},
        {.name = "articles",
         ANSWER_TABLE,
         "the same change by volume, mix, price and what came into and went out of the range"},
        {.name = "customers",
         ANSWER_TABLE,
         "the same change by what became of the customers of both periods"}),
};

struct effect {
    const char *name, *label;
    double micros;
};

// Effects to the cent that add up to the change: what rounding leaves goes to the largest.
static void write_effects(struct response *response, const char *key, const char *unit,
                          const struct effect *effects, size_t count, int64_t change_micros) {
    const struct column columns[] = {
        {"effect", "Effect", COLUMN_TEXT, NULL},
        {"label", "What changed", COLUMN_TEXT, NULL},
        {"amount", "Change of revenue", COLUMN_MONEY, unit},
    };
    const double cent = 10000;
    int64_t rest = change_micros;
    size_t largest = 0;

    for (size_t i = 0; i < count; i++) {
        rest -= (int64_t)(round(effects[i].micros / cent) * cent);
        if (fabs(effects[i].micros) > fabs(effects[largest].micros))
            largest = i;
    }
    response_begin_table(response, key, columns, 3);
    for (size_t i = 0; i < count; i++) {
        response_begin_row(response);
        response_text(response, text_of(effects[i].name));
        response_text(response, text_of(effects[i].label));
        response_int64(response, COLUMN_MONEY,
                       (int64_t)(round(effects[i].micros / cent) * cent) +
                           (i == largest ? rest : 0));
        response_end_row(response);
    }
    response_end_table(response);
}

static void write_total(struct response *response, const struct bridge *bridge, const char *unit,
                        int64_t change) {
    const struct column columns[] = {
        {"before", "Before", COLUMN_MONEY, unit},
        {"now", "Now", COLUMN_MONEY, unit},
        {"change", "Change", COLUMN_MONEY, unit},
    };

    response_begin_table(response, "total", columns, 3);
    response_begin_row(response);
    response_int64(response, COLUMN_MONEY, bridge->micros[BRIDGE_BEFORE]);
    response_int64(response, COLUMN_MONEY, bridge->micros[BRIDGE_NOW]);
    response_int64(response, COLUMN_MONEY, change);
    response_end_row(response);
    response_end_table(response);
}

static void write_customers(struct response *response, const struct bridge *bridge,
                            const char *unit) {
    static const struct {
        const char *name, *label;
    } groups[BRIDGE_CUSTOMERS] = {
        [BRIDGE_NEW] = {"new", "New customers"},
        [BRIDGE_BACK] = {"back", "Customers who came back"},
        [BRIDGE_STAYED] = {"stayed", "Customers of both periods"},
        [BRIDGE_LEFT] = {"left", "Customers who did not come again"},
        [BRIDGE_ANONYMOUS] = {"anonymous", "Receipts without a customer"},
    };
    const struct column columns[] = {
        {"effect", "Effect", COLUMN_TEXT, NULL},
        {"label", "Who", COLUMN_TEXT, NULL},
        {"customers", "Customers", COLUMN_INTEGER, "customers"},
        {"before", "Before", COLUMN_MONEY, unit},
        {"now", "Now", COLUMN_MONEY, unit},
        {"amount", "Change of revenue", COLUMN_MONEY, unit},
    };

    response_begin_table(response, "customers", columns, sizeof(columns) / sizeof(*columns));
    for (int i = 0; i < BRIDGE_CUSTOMERS; i++) {
        const struct bridge_group *group = &bridge->groups[i];

        response_begin_row(response);
        response_text(response, text_of(groups[i].name));
        response_text(response, text_of(groups[i].label));
        if (i == BRIDGE_ANONYMOUS)
            response_null(response);
        else
            response_int64(response, COLUMN_INTEGER, group->customers);
        response_int64(response, COLUMN_MONEY, group->micros[BRIDGE_BEFORE]);
        response_int64(response, COLUMN_MONEY, group->micros[BRIDGE_NOW]);
        response_int64(response, COLUMN_MONEY,
                       group->micros[BRIDGE_NOW] - group->micros[BRIDGE_BEFORE]);
        response_end_row(response);
    }
    response_end_table(response);
}

static void write_bridge(struct scope *scope, struct response *response,
                         const struct bridge *bridge) {
    const int64_t change = bridge->micros[BRIDGE_NOW] - bridge->micros[BRIDGE_BEFORE];
    const struct bridge_mix *mix = &bridge->mix;
    const char *unit =
        bridge->currency.size > 0 ? text_string(&scope->arena, bridge->currency) : NULL;
    const struct effect receipts[] = {
        {"receipts", "Number of sales", bridge->of_receipts},
        {"size", "Spend per sale", bridge->of_size},
        {"refunds", "What came back", bridge->of_refunds},
        {"adjustments", "Adjustments", bridge->of_adjustments},
    };
    const struct effect articles[] = {
        {"volume", "Volume: units sold", mix->volume},
        {"mix", "Mix: dearer or cheaper", mix->mix},
        {"price", "Price of the same ones", mix->price},
        {"arrived", "Articles sold now only", mix->arrived},
        {"gone", "Articles sold before only", mix->gone},
        {"other", "Returns and others", mix->other},
    };

    write_total(response, bridge, unit, change);
    write_effects(response, "receipts", unit, receipts, sizeof(receipts) / sizeof(*receipts),
                  change);
    write_effects(response, "articles", unit, articles, sizeof(articles) / sizeof(*articles),
                  change);
    write_customers(response, bridge, unit);
}

code bridge_http_show(struct scope *scope, const struct request *request,
                      struct response *response) {
    const enum comparison comparison = comparison_of(request_choice(request, "compare"));
    struct selection now, before;
    struct bridge bridge;

    TRY(selection_read(scope, request, &now));
    TRY(comparison_before(scope, &now, comparison, &before));
    TRY(bridge_make(scope, &before, &now, &bridge));
    json_begin_object(&response->writer);
    TRY(selection_write(scope, response, &now));
    comparison_write(response, comparison, &before);
    write_bridge(scope, response, &bridge);
    json_end_object(&response->writer);
    return OK;
}
