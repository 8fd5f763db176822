// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/order.h"

#include "base/limits.h"
#include "base/money.h"

static const int64_t largest_micros = INT64_MAX / 100000; // sums and VAT on top still fit
static const int64_t cent_micros = 10000;

// To add an event: its name, and what it does.
static const struct {
    const char *name;
    enum order_event event;
} events[] = {
    {"Order Completed", ORDER_SALE},
    {"Order Updated", ORDER_UPDATE},
    {"Order Refunded", ORDER_REFUND},
    {"Order Cancelled", ORDER_CANCEL},
    {"Product List Viewed", ORDER_INTEREST},
    {"Product List Filtered", ORDER_INTEREST},
    {"Product Clicked", ORDER_INTEREST},
    {"Product Viewed", ORDER_INTEREST},
    {"Product Added", ORDER_INTEREST},
    {"Product Removed", ORDER_INTEREST},
    {"Cart Viewed", ORDER_INTEREST},
    {"Cart Shared", ORDER_INTEREST},
    {"Checkout Started", ORDER_INTEREST},
    {"Product Added to Wishlist", ORDER_INTEREST},
    {"Product Reviewed", ORDER_INTEREST},
    {"Product Removed from Wishlist", ORDER_INTEREST},
    {"Wishlist Product Added to Cart", ORDER_INTEREST},
    {"Product Shared", ORDER_INTEREST},
    {"Coupon Entered", ORDER_COUPON},
    {"Coupon Applied", ORDER_COUPON},
    {"Coupon Denied", ORDER_COUPON},
    {"Coupon Removed", ORDER_COUPON},
};

static bool find_event(struct text name, enum order_event *ret_event) {
    for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
        if (text_is(name, events[i].name)) {
            *ret_event = events[i].event;
            return true;
        }
    return false;
}

// ---- members ----

static struct text text_member(struct arena *arena, const struct json *object, const char *key) {
    const struct json *member = object ? json_member(object, key) : NULL;

    return member && (member->type == JSON_STRING || member->type == JSON_INT64)
               ? text_copy(arena, text_trim(json_scalar_text(arena, member)))
               : (struct text){0};
}

static struct text first_of(struct text a, struct text b) {
    return a.size > 0 ? a : b;
}

// True when there is an amount, and it fits.
static bool micros_member(struct arena *arena, const struct json *object, const char *key,
                          int64_t *ret_micros) {
    const struct json *member = object ? json_member(object, key) : NULL;
    int64_t micros;

    if (!member ||
        (member->type != JSON_STRING && member->type != JSON_INT64 &&
         member->type != JSON_DOUBLE) ||
        !micros_parse(json_scalar_text(arena, member), DECIMAL_POINT, &micros) ||
        micros > largest_micros || micros < -largest_micros)
        return false;
    *ret_micros = micros;
    return true;
}

static int64_t magnitude(int64_t micros) {
    return micros < 0 ? -micros : micros;
}

// ---- lines ----

static bool fits(int64_t micros) {
    return micros <= largest_micros && micros >= -largest_micros;
}

static bool line_fits(const struct order_line *line) {
    return fits(line->discount_micros) && fits(line->net_micros) && fits(line->vat_micros) &&
           fits(line->gross_micros);
}

static struct order_line read_names(struct arena *arena, const struct json *product) {
    return (struct order_line){
        .product =
            first_of(text_member(arena, product, "product_id"), text_member(arena, product, "sku")),
        .name = text_member(arena, product, "name"),
        .category = text_member(arena, product, "category"),
        .brand = text_member(arena, product, "brand"),
        .coupon = text_member(arena, product, "coupon"),
    };
}

// Its price is with VAT, unless the receipt says otherwise (`net`).
static bool read_line(struct arena *arena, const struct json *product, bool net,
                      struct order_line *line) {
    const struct json *rate = json_member(product, "vat_rate");
    int64_t amount_micros;

    *line = read_names(arena, product);
    line->quantity_micros = MICROS_PER_UNIT;
    line->vat_rate_bp = -1;
    micros_member(arena, product, "quantity", &line->quantity_micros);
    micros_member(arena, product, "price", &line->unit_price_micros);
    micros_member(arena, product, "discount", &line->discount_micros);
    line->discount_micros = magnitude(line->discount_micros);
    if (rate && !rate_bp_parse(json_scalar_text(arena, rate), false, &line->vat_rate_bp))
        return false;
    if (!micros_multiply(line->quantity_micros, line->unit_price_micros, &amount_micros) ||
        magnitude(amount_micros) > largest_micros)
        return false;
    amount_micros -= amount_micros < 0 ? -line->discount_micros : line->discount_micros;
    line->vat_micros = line->vat_rate_bp <= 0 ? 0
                       : net                  ? vat_on_net_micros(amount_micros, line->vat_rate_bp)
                             : vat_in_gross_micros(amount_micros, line->vat_rate_bp);
    line->net_micros = net ? amount_micros : amount_micros - line->vat_micros;
    line->gross_micros = line->net_micros + line->vat_micros;
    return line_fits(line);
}

static void add_plain_line(struct order *order, const char *product, int64_t gross_micros) {
    if (gross_micros == 0)
        return;
    order->lines[order->line_count++] = (struct order_line){.product = text_of(product),
                                                            .quantity_micros = MICROS_PER_UNIT,
                                                            .unit_price_micros = gross_micros,
                                                            .vat_rate_bp = -1,
                                                            .net_micros = gross_micros,
                                                            .gross_micros = gross_micros};
}

static size_t count_products(const struct json *properties) {
    const struct json *products = json_member(properties, "products");

    return products && products->type == JSON_ARRAY ? products->count : 0;
}

static bool read_lines(struct arena *arena, const struct json *properties, bool net,
                       struct order *order) {
    const struct json *products = json_member(properties, "products");
    const size_t count = count_products(properties);

    order->lines = arena_array(arena, count + 3, sizeof(*order->lines));
    for (const struct json *one = count > 0 ? products->first : NULL; one; one = one->next)
        if (one->type != JSON_OBJECT ||
            !read_line(arena, one, net, &order->lines[order->line_count++]))
            return false;
    return true;
}

// ---- the whole receipt ----

// False when a line or the sum is past all sense.
static bool gross_of(const struct order *order, int64_t *ret_micros) {
    int64_t sum = 0;

    for (size_t i = 0; i < order->line_count; i++)
        if (!line_fits(&order->lines[i]) ||
            __builtin_add_overflow(sum, order->lines[i].gross_micros, &sum))
            return false;
    *ret_micros = sum;
    return fits(sum);
}

// Otherwise shares of an amount may be many times as large as it.
static bool has_one_sign(const struct order *order) {
    bool has_more = false, has_less = false;

    for (size_t i = 0; i < order->line_count; i++) {
        has_more |= order->lines[i].gross_micros > 0;
        has_less |= order->lines[i].gross_micros < 0;
    }
    return !(has_more && has_less);
}

// Its share of an amount that is said of the whole receipt only: the last line takes what is left,
// so that the shares are the amount to the last digit. False when one does not fit.
static bool spread(struct order *order, int64_t amount_micros, bool is_vat) {
    int64_t left = amount_micros, whole;

    if (!gross_of(order, &whole))
        return false;
    for (size_t i = 0; i < order->line_count && whole != 0; i++) {
        struct order_line *line = &order->lines[i];
        const bool is_last = i + 1 == order->line_count;
        const __int128 exact =
            is_last ? left : (__int128)amount_micros * line->gross_micros / whole;
        const int64_t share = (int64_t)exact;

        if (exact > largest_micros || exact < -largest_micros ||
            __builtin_sub_overflow(left, share, &left))
            return false;
        if (is_vat) {
            line->vat_micros += share;
        } else {
            line->discount_micros += share;
            line->net_micros -= share;
        }
        line->gross_micros = line->net_micros + line->vat_micros;
    }
    return true;
}

static bool has_vat_rates(const struct order *order) {
    for (size_t i = 0; i < order->line_count; i++)
        if (order->lines[i].vat_rate_bp >= 0)
            return true;
    return false;
}

// Shop systems state discount, tax and shipping of the whole order; a till states the lines.
// What they state cannot be told line by line where lines go both ways. False when a figure is past
// all sense.
static bool add_up(struct arena *arena, const struct json *properties, struct order *order) {
    int64_t discount = 0, tax = 0, shipping = 0, gross, total;
    const bool is_of_lines = has_vat_rates(order);

    micros_member(arena, properties, "discount", &discount);
    micros_member(arena, properties, "tax", &tax);
    micros_member(arena, properties, "shipping", &shipping);
    if (!is_of_lines && !has_one_sign(order))
        order->differs = discount != 0 || tax != 0;
    else if (!is_of_lines &&
             (!spread(order, magnitude(discount), false) || !spread(order, tax, true)))
        return false;
    add_plain_line(order, "shipping", shipping);
    if (!gross_of(order, &gross))
        return false;
    if (micros_member(arena, properties, "total", &total))
        order->differs |= magnitude(magnitude(gross) - magnitude(total)) >
                          cent_micros * (int64_t)(order->line_count + 1);
    return true;
}

static void turn(struct order *order) {
    for (size_t i = 0; i < order->line_count; i++) {
        struct order_line *line = &order->lines[i];

        if (line->gross_micros <= 0 && line->quantity_micros < 0)
            continue;
        line->quantity_micros = -line->quantity_micros;
        line->net_micros = -line->net_micros;
        line->vat_micros = -line->vat_micros;
        line->gross_micros = -line->gross_micros;
    }
}

static struct text read_payment(struct arena *arena, const struct json *properties,
                                const struct json *pos) {
    const struct json *tenders = pos ? json_member(pos, "tenders") : NULL;
    CLEANUP(buffer_clear) struct buffer out = {0};

    if (!tenders || tenders->type != JSON_ARRAY)
        return text_member(arena, properties, "payment_method");
    for (const struct json *one = tenders->first; one; one = one->next) {
        const struct text type = text_member(arena, one, "type");

        if (type.size > 0 && out.size + type.size < 100) {
            if (out.size > 0)
                buffer_add_char(&out, '+');
            buffer_add_text(&out, type);
        }
    }
    return text_copy(arena, buffer_text(&out));
}

static void read_receipt(struct arena *arena, const struct json *properties, const struct json *pos,
                         struct order *order) {
    order->store =
        first_of(text_member(arena, pos, "store"), text_member(arena, properties, "affiliation"));
    order->till = text_member(arena, pos, "till");
    order->cashier = text_member(arena, pos, "cashier");
    order->payment = read_payment(arena, properties, pos);
    order->currency = text_member(arena, properties, "currency");
    if (!currency_is_known(order->currency))
        order->currency = (struct text){0};
}

// A refund without lines takes back what it says in all.
static void read_sum(struct arena *arena, const struct json *properties, struct order *order) {
    int64_t total = 0;

    if (!micros_member(arena, properties, "total", &total) &&
        !micros_member(arena, properties, "revenue", &total))
        micros_member(arena, properties, "value", &total);
    add_plain_line(order, "", magnitude(total));
}

static struct message_fault fault_of(const char *reason, const char *field, const char *message) {
    return (struct message_fault){.reason = reason, .field = field, .message = message};
}

static struct message_fault bad_line(void) {
    return fault_of("bad_line", "products", "a product's figures cannot be read, or kept");
}

static struct text changed_number(struct arena *arena, struct text of, const char *how,
                                  struct text key) {
    return text_printf(arena, "%.*s %s%s%.*s", TEXT_ARG(of), how, key.size > 0 ? " " : "",
                       TEXT_ARG(key));
}

// Which order it is about, and the number of the receipt that this makes.
static void read_numbers(struct arena *arena, struct text id, struct text receipt, struct text key,
                         struct order *order) {
    switch (order->event) {
    case ORDER_SALE:
    case ORDER_INTEREST:
    case ORDER_COUPON:
        order->number = first_of(receipt, id);
        break;
    case ORDER_UPDATE:
        order->refund_of = first_of(receipt, id);
        order->number = changed_number(arena, order->refund_of, "update", key);
        break;
    case ORDER_REFUND:
        order->refund_of = id;
        order->number = first_of(receipt, changed_number(arena, id, "refund", key));
        break;
    case ORDER_CANCEL:
        order->refund_of = first_of(id, receipt);
        order->number =
            id.size > 0 && receipt.size > 0
                ? receipt
                : changed_number(arena, order->refund_of, "cancelled", (struct text){0});
    }
}

static bool has_all_prices(const struct json *properties) {
    const struct json *products = json_member(properties, "products");

    for (const struct json *one = products ? products->first : NULL; one; one = one->next)
        if (!json_member(one, "price"))
            return false;
    return true;
}

// An update is believed only where it says all of what the order holds.
static struct message_fault check_update(const struct json *properties, struct order *order) {
    if (!has_all_prices(properties))
        return fault_of("no_price", "products",
                        "an update states the price of each product; the sale was left as it was");
    if (order->differs)
        return fault_of("totals_differ", "total",
                        "the lines do not add up to the total; the sale was left as it was");
    order->is_sale = order->line_count > 0; // a state alone changes nothing that was bought
    return (struct message_fault){0};
}

static struct message_fault read_sale(struct arena *arena, const struct json *properties,
                                      struct text key, struct order *order) {
    const struct json *pos = json_member(properties, "pos");
    const struct text id = text_member(arena, properties, "order_id");
    const struct text receipt = text_member(arena, pos, "receipt");

    if (id.size + receipt.size == 0 || id.size > MESSAGE_NAME_BYTES ||
        receipt.size > MESSAGE_NAME_BYTES)
        return fault_of("no_order_id", "order_id", "an order has an order_id or a receipt number");
    read_receipt(arena, properties, pos, order);
    read_numbers(arena, id, receipt, key, order);
    order->is_total_only = order->line_count == 0;
    if (order->line_count == 0)
        read_sum(arena, properties, order);
    else if (!add_up(arena, properties, order))
        return bad_line();
    if (order->event == ORDER_UPDATE)
        return check_update(properties, order);
    if (order->line_count == 0 && order->event != ORDER_CANCEL)
        return fault_of("no_lines", "products", "an order has products or a total");
    if (order->event == ORDER_REFUND)
        turn(order);
    order->is_sale = true;
    return (struct message_fault){0};
}

struct order *order_read(struct arena *arena, struct text event, const struct json *properties,
                         struct text key, struct message_fault *ret_fault) {
    const struct json *pos = properties ? json_member(properties, "pos") : NULL;
    struct order *order;
    enum order_event kind;
    bool net;

    if (!properties || !find_event(event, &kind) || kind == ORDER_COUPON)
        return NULL;
    net = pos && text_is(text_member(arena, pos, "prices"), "net");
    order = arena_alloc(arena, sizeof(*order));
    order->event = kind;
    if (count_products(properties) > LIMIT_ORDER_LINES) {
        *ret_fault = fault_of("too_many_products", "products", "an order has at most 500 products");
        return NULL;
    }
    if (!read_lines(arena, properties, net, order)) {
        *ret_fault = bad_line();
        return NULL;
    }
    if (kind == ORDER_INTEREST) {
        if (order->line_count == 0)
            read_line(arena, properties, net, &order->lines[order->line_count++]);
        return order;
    }
    *ret_fault = read_sale(arena, properties, key, order);
    if (order->differs && !ret_fault->reason)
        *ret_fault = fault_of("totals_differ", "total",
                              "the lines do not add up to the total; the lines were kept");
    return order;
}

// ---- what it is about ----

// Of one product the event tells itself, of several in a list.
static void read_products(struct arena *arena, const struct json *properties,
                          struct order_subject *subject) {
    const size_t count = count_products(properties);
    const struct json *one = count > 0 ? json_member(properties, "products")->first : properties;

    if (count > LIMIT_ORDER_LINES)
        return;
    subject->products = arena_array(arena, count + 1, sizeof(*subject->products));
    for (; one; one = count > 0 ? one->next : NULL) {
        const struct order_line names = read_names(arena, one);

        if (names.product.size + names.coupon.size > 0)
            subject->products[subject->product_count++] = names;
    }
}

// Events about coupons tell it by its id; some of them, and orders, by itself.
static struct text read_coupon(struct arena *arena, const struct json *properties,
                               enum order_event event, struct text of_product) {
    struct text coupon = text_member(arena, properties, "coupon");

    if (event == ORDER_COUPON)
        coupon = first_of(coupon, first_of(text_member(arena, properties, "coupon_id"),
                                           text_member(arena, properties, "coupon_name")));
    coupon = first_of(coupon, of_product);
    return coupon.size <= MESSAGE_NAME_BYTES ? coupon : (struct text){0};
}

struct order_subject *order_read_subject(struct arena *arena, struct text event,
                                         const struct json *properties) {
    struct order_subject subject = {0};
    struct text of_product = {0};
    struct order_subject *kept;
    enum order_event kind;

    if (!properties || !find_event(event, &kind))
        return NULL;
    if (kind == ORDER_INTEREST) // what is sold or taken back is told by the lines of the sale
        read_products(arena, properties, &subject);
    if (subject.product_count == 1)
        of_product = subject.products[0].coupon;
    subject.coupon = read_coupon(arena, properties, kind, of_product);
    if (subject.product_count == 0 && subject.coupon.size == 0)
        return NULL;
    kept = arena_alloc(arena, sizeof(*kept));
    *kept = subject;
    return kept;
}
