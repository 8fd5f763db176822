// SPDX-License-Identifier: Apache-2.0
#include "push/campaign/campaign_coupon.h"

#include "base/time.h"

code campaign_coupon_check(struct scope *scope, const struct template_program *program) {
    for (size_t i = 0; template_coupon_series(program, i).data; i++) {
        const struct text name = template_coupon_series(program, i);
        struct coupon_series series;
        code result;

        if (name.size == 0)
            continue;
        result = coupon_series_find(scope, name, &series);
        if (result == OK && !series.is_stopped)
            continue;
        if (result != OK && result != NOT_FOUND)
            return result;
        scope_forgive(scope);
        return scope_fail_field(scope, INVALID, "coupon", "coupon series \"%.*s\" %s",
                                TEXT_ARG(name), result == OK ? "was stopped" : "does not exist");
    }
    return OK;
}

// ---- choosing ----

static const struct coupon_series *find(const struct campaign_coupons *coupons, struct text name) {
    for (size_t i = 0; i < coupons->count; i++)
        if (text_equal(coupons->series[i]->name, name))
            return coupons->series[i];
    return NULL;
}

code campaign_coupon_open(struct scope *scope, struct campaign_coupons *coupons,
                          const struct template_program *program) {
    for (size_t i = 0; template_coupon_series(program, i).data; i++) {
        const struct text name = template_coupon_series(program, i);
        struct coupon_series *series;

        if (name.size == 0 || find(coupons, name))
            continue;
        if (coupons->count == CAMPAIGN_COUPON_SERIES)
            return scope_fail(scope, INVALID, "the arms name more than %d series of coupons",
                              CAMPAIGN_COUPON_SERIES);
        series = arena_alloc(&scope->arena, sizeof(*series));
        TRY(coupon_series_find(scope, name, series));
        series->name = name; // as it was asked for: it may be the id
        coupons->series[coupons->count++] = series;
    }
    return OK;
}

static code write_pictures(struct scope *scope, struct text base_url, struct text coupon,
                           struct template_message *message) {
    struct text qr, bars;

    TRY(coupon_picture_path(scope, coupon, COUPON_PICTURE_QR, "png", &qr));
    TRY(coupon_picture_path(scope, coupon, COUPON_PICTURE_BARS, "png", &bars));
    message->coupon_qr_url =
        text_printf(&scope->arena, "%.*s%.*s", TEXT_ARG(base_url), TEXT_ARG(qr));
    message->coupon_bars_url =
        text_printf(&scope->arena, "%.*s%.*s", TEXT_ARG(base_url), TEXT_ARG(bars));
    return OK;
}

static code choose_code(struct scope *scope, const struct coupon_series *series,
                        const struct message_work *work, struct text *ret_code) {
    if (work->content.id != 0 || series->shared_code.size > 0)
        return coupon_choose(scope, series, work->content.customer, work->content.id, ret_code);
    *ret_code = coupon_code_make(&scope->arena);
    return OK;
}

code campaign_coupon_choose(struct scope *scope, struct campaign_coupons *coupons,
                            const struct template_program *program, struct text name,
                            struct message_work *work, struct template_message *message) {
    const struct coupon_series *series;
    int32_t until;

    if (name.size == 0)
        return OK;
    series = find(coupons, name);
    TRY(choose_code(scope, series, work, &work->coupon_code));
    work->coupon_series = series;
    message->coupon_code = coupon_code_shown(&scope->arena, work->coupon_code);
    message->coupon_value = coupon_title(scope, &series->terms);
    if (series->terms.until.size > 0 && day_parse(series->terms.until, DATE_ORDER_YMD, &until))
        message->coupon_expires_day = until;
    return template_shows_coupon_pictures(program)
               ? write_pictures(scope, coupons->base_url, work->coupon_code, message)
               : OK;
}

// ---- issuing ----

code campaign_coupon_claim(struct scope *scope, const struct message_work *work,
                           const char **ret_refusal, bool *ret_is_taken) {
    code result;

    if (!work->coupon_series)
        return OK;
    result = coupon_claim(scope, work->coupon_series, work->content.customer, work->content.id,
                          work->coupon_code, ret_is_taken);
    if (result != CONFLICT)
        return result;
    scope_forgive(scope);
    *ret_refusal = REFUSED_COUPON;
    return OK;
}
