// SPDX-License-Identifier: Apache-2.0
#include "web/server_request.h"

#include "web/server_query.h"

static const struct refusal unknown_method = {501, "this method is not known here"};
static const struct refusal misdirected = {421, "this host is not served here"};

static bool find_method(struct text name, enum method *ret_method) {
    if (text_is(name, "HEAD")) {
        *ret_method = METHOD_GET;
        return true;
    }
    for (int method = 0; method < METHOD_COUNT; method++)
        if (text_is(name, method_name((enum method)method))) {
            *ret_method = (enum method)method;
            return true;
        }
    return false;
}

// Methods that HTTP knows and no route does: 405 by the path, not 501.
static bool is_standard(struct text name) {
    return text_is(name, "OPTIONS") || text_is(name, "TRACE") || text_is(name, "CONNECT");
}

static struct text origin_host(const char *origin) {
    const char *host = strstr(origin, "://");
    struct text text = text_of(host ? host + 3 : origin);
    struct text rest;

    if (text.size > 0 && text.data[0] == '[') {
        const char *end = memchr(text.data, ']', text.size);

        return end ? (struct text){.data = text.data, .size = (size_t)(end - text.data) + 1} : text;
    }
    text = text_split(text, '/', &rest);
    return text_split(text, ':', &rest);
}

// A page of another site whose name was made to point here would send its own name.
static bool is_our_host(struct text host, const struct server_options *options) {
    static const char *const loopback[] = {"localhost", "127.0.0.1", "[::1]"};

    for (size_t i = 0; i < sizeof(loopback) / sizeof(*loopback); i++)
        if (text_equal_ascii_case(host, text_of(loopback[i])))
            return true;
    for (size_t i = 0; options->origins && options->origins[i]; i++)
        if (text_equal_ascii_case(host, origin_host(options->origins[i])))
            return true;
    return false;
}

// "gzip, br;q=0.5": RFC 9110, 12.5.3. A weight of zero is a no.
static bool lists_gzip(struct text codings) {
    while (codings.data) {
        struct text weight;
        const struct text one = text_split(codings, ',', &codings);
        const struct text coding = text_trim(text_split(one, ';', &weight));

        weight = text_trim(weight);
        if (text_equal_ascii_case(coding, TEXT("gzip")))
            return !text_is(weight, "q=0") && !text_starts_with(weight, TEXT("q=0.000")) &&
                   !text_is(weight, "q=0.0") && !text_is(weight, "q=0.00");
    }
    return false;
}

static struct text bearer_key(struct text authorization) {
    static const struct text scheme = {.data = "bearer ", .size = 7};
    const struct text start = {.data = authorization.data,
                               .size = authorization.size < scheme.size ? 0 : scheme.size};

    if (!text_equal_ascii_case(start, scheme))
        return (struct text){0};
    return text_trim((struct text){.data = authorization.data + scheme.size,
                                   .size = authorization.size - scheme.size});
}

// The last one is what the proxy itself saw; those before it may be anybody's invention.
static struct text last_of_list(struct text list) {
    struct text last = {0};

    while (list.data)
        last = text_split(list, ',', &list);
    return text_trim(last);
}

static void read_client(struct exchange *exchange, const struct head *head,
                        const struct request_way *way, const struct server_options *options) {
    struct request_client *client = &exchange->client;
    const bool is_proxy =
        options->trusted_proxy.size > 0 && text_is(options->trusted_proxy, way->address);
    const struct text forwarded = last_of_list(head_field(head, "X-Forwarded-For"));

    client->is_owner = way->is_owner;
    client->user = text_of(way->user);
    client->address = is_proxy && forwarded.size > 0 ? forwarded : text_of(way->address);
    client->is_secure =
        way->is_encrypted ||
        (is_proxy && text_equal_ascii_case(head_field(head, "X-Forwarded-Proto"), TEXT("https")));
    client->session =
        cookie_find(head_field(head, "Cookie"), request_session_cookie(client->is_secure));
    client->device =
        cookie_find(head_field(head, "Cookie"), request_device_cookie(client->is_secure));
    client->key = bearer_key(head_field(head, "Authorization"));
    client->csrf = head_field(head, "X-CSRF-Token");
    client->host = head_field(head, "Host");
    client->origin = head_field(head, "Origin");
    client->fetch_site = head_field(head, "Sec-Fetch-Site");
    client->user_agent = head_field(head, "User-Agent");
    client->opts_out =
        text_is(head_field(head, "Sec-GPC"), "1") || text_is(head_field(head, "DNT"), "1");
    client->if_none_match = head_field(head, "If-None-Match");
    client->idempotency_key = head_field(head, "Idempotency-Key");
    client->webhook_id = head_field(head, "webhook-id");
    client->webhook_timestamp = head_field(head, "webhook-timestamp");
    client->webhook_signature = head_field(head, "webhook-signature");
    client->stripe_signature = head_field(head, "Stripe-Signature");
}

const struct refusal *request_read(struct exchange *exchange, const struct head *head,
                                   const struct framing *framing, const struct request_way *way) {
    const struct server_options *options = &exchange->serving->options;
    struct request *request = &exchange->request;

    if (!way->is_owner && !is_our_host(framing->host, options))
        return &misdirected;
    if (!find_method(head->method, &request->method)) {
        if (!is_standard(head->method))
            return &unknown_method;
        request->method = METHOD_COUNT;
    }
    exchange->is_head = text_is(head->method, "HEAD");
    request->path = text_split(head->target, '?', &exchange->query);
    request->client = &exchange->client;
    exchange->takes_gzip = lists_gzip(head_field(head, "Accept-Encoding"));
    exchange->content_bytes = framing->content_bytes;
    read_client(exchange, head, way, options);
    exchange->client.is_head = exchange->is_head;
    return NULL;
}

void request_allowed(const struct server_options *options, struct text path, struct buffer *out) {
    for (int method = 0; method < METHOD_COUNT; method++) {
        if (!router_find(options->routes, options->route_count, (enum method)method, path))
            continue;
        buffer_printf(out, "%s%s", out->size > 0 ? ", " : "", method_name((enum method)method));
        if (method == METHOD_GET)
            buffer_add_string(out, ", HEAD");
    }
}
