// SPDX-License-Identifier: Apache-2.0
// From a request to a delivery: whose key it is, what is in the body, message by message. Runs in
// the threads of the connections, which must not wait: what needs the ledger comes later.
#include "plug/collect/delivery.h"

#include "base/base64.h"
#include "base/limits.h"
#include "base/time.h"
#include "web/intake.h"
#include "web/server_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#define ROUTE(verb, where, what)                                                                   \
    { .method = METHOD_##verb, .path = (where), .summary = (what) }
static const struct route collect_routes[] = {
    ROUTE(POST, "/v1/batch", "Several messages"),
    ROUTE(POST, "/v1/track", "Something was done"),
    ROUTE(POST, "/v1/identify", "Who somebody is"),
    ROUTE(POST, "/v1/page", "A page was seen"),
    ROUTE(POST, "/v1/screen", "A screen of an app was seen"),
    ROUTE(POST, "/v1/group", "Somebody belongs to a group"),
    ROUTE(POST, "/v1/alias", "Two ids of one person"),
    ROUTE(POST, "/v1/import", "Several messages of the past"),
    ROUTE(POST, "/beacon/v1/batch", "Several messages, from navigator.sendBeacon"),
    ROUTE(GET, "/pixel/v1/track", "Something was done, by an image"),
    ROUTE(GET, "/pixel/v1/page", "A page was seen, by an image"),
};
#undef ROUTE

enum { RETRY_AFTER_S = 2 };

// What a request needs while it is read. There are as many as were ever needed at once.
struct desk {
    struct desk *next;
    struct scope scope;
    struct arena_mark empty;
    struct json_reader *reader;
    struct zone *zone;
    struct buffer unpacked;
};

struct desks {
    pthread_mutex_t mutex; // guards `first`
    struct desk *first;
};

// ---- desks ----

struct desks *desks_new(void) {
    struct desks *desks = calloc(1, sizeof(*desks));

    if (!desks)
        abort();
    pthread_mutex_init(&desks->mutex, NULL);
    return desks;
}

static void desk_free(struct desk *desk) {
    zone_free(desk->zone);
    json_reader_free(desk->reader);
    buffer_clear(&desk->unpacked);
    scope_clear(&desk->scope);
    free(desk);
}

void desks_free(struct desks *desks) {
    if (!desks)
        return;
    while (desks->first) {
        struct desk *desk = desks->first;

        desks->first = desk->next;
        desk_free(desk);
    }
    pthread_mutex_destroy(&desks->mutex);
    free(desks);
}

static struct desk *desk_new(void) {
    struct desk *desk = calloc(1, sizeof(*desk));

    if (!desk)
        abort();
    scope_init(&desk->scope);
    desk->reader = json_reader_new();
    if (zone_open(&desk->scope, TEXT("UTC"), &desk->zone) != OK)
        abort();
    desk->empty = arena_mark(&desk->scope.arena);
    return desk;
}

static struct desk *desk_take(struct desks *desks) {
    struct desk *desk;

    pthread_mutex_lock(&desks->mutex);
    desk = desks->first;
    if (desk)
        desks->first = desk->next;
    pthread_mutex_unlock(&desks->mutex);
    return desk ? desk : desk_new();
}

static void desk_give(struct desks *desks, struct desk *desk) {
    arena_rewind(&desk->scope.arena, desk->empty);
    scope_forgive(&desk->scope);
    buffer_clear(&desk->unpacked);
    pthread_mutex_lock(&desks->mutex);
    desk->next = desks->first;
    desks->first = desk;
    pthread_mutex_unlock(&desks->mutex);
}

// ---- one request ----

struct reading {
    struct collector *collector;
    struct desk *desk;
    const struct intake_request *request;
    struct delivery *delivery;
    const struct json *body;
    struct message_context context;
    struct sender sender; // a copy, its texts in the delivery's arena
    bool is_full;         // too much of it waits in quarantine
    enum message_type type;
    int status; // of a refusal, where it is not its code's
};

static code refuse(struct reading *reading, int status, code reason, const char *message) {
    reading->status = status;
    return scope_fail(&reading->desk->scope, reason, "%s", message);
}

// ---- the body ----

// Never more than a body may have: what is packed into a few bytes may be gigabytes.
static code unpack(struct reading *reading, struct text *ret_body) {
    struct buffer *out = &reading->desk->unpacked;
    const struct text packed = reading->request->body;
    z_stream stream = {0};
    int result;

    if (inflateInit2(&stream, 15 + 16) != Z_OK)
        return refuse(reading, 503, UNAVAILABLE, "out of memory");
    stream.next_in = (Bytef *)packed.data;
    stream.avail_in = (uInt)packed.size;
    stream.next_out = (Bytef *)buffer_reserve(out, LIMIT_INTAKE_BODY_BYTES + 1);
    stream.avail_out = LIMIT_INTAKE_BODY_BYTES + 1;
    result = inflate(&stream, Z_FINISH);
    out->size = stream.total_out;
    inflateEnd(&stream);
    if (out->size > LIMIT_INTAKE_BODY_BYTES)
        return refuse(reading, 413, TOO_LARGE, "the body is too large when it is unpacked");
    if (result != Z_STREAM_END || stream.avail_in > 0)
        return refuse(reading, 400, INVALID, "the body is not packed by gzip");
    *ret_body = buffer_text(out);
    return OK;
}

// A pixel's message stands in its address: ?data= base64 of the JSON, and writeKey.
static code pixel_body(struct reading *reading, struct text *ret_body) {
    struct scope *scope = &reading->desk->scope;
    struct request_parameter *parameters;
    struct request request = {0};

    TRY(query_parse(scope, reading->request->query, &parameters, &request.parameter_count));
    request.parameters = parameters;
    if (!base64_decode(&scope->arena, request_text(&request, "data"), BASE64_STANDARD, ret_body) &&
        !base64_decode(&scope->arena, request_text(&request, "data"), BASE64_URL, ret_body))
        return refuse(reading, 400, INVALID, "the parameter data is no JSON in base64");
    return OK;
}

static code read_body(struct reading *reading) {
    struct scope *scope = &reading->desk->scope;
    struct text body = reading->request->body;
    struct json *json;

    if (reading->request->route->method == METHOD_GET)
        TRY(pixel_body(reading, &body));
    else if (reading->request->is_gzip)
        TRY(unpack(reading, &body));
    reading->delivery->bytes = (int64_t)body.size;
    TRY(json_reader_parse(reading->desk->reader, scope, body, &json));
    if (json->type != JSON_OBJECT)
        return refuse(reading, 400, INVALID, "the body is a JSON object");
    reading->body = json;
    return OK;
}

// ---- whose key ----

// "Basic base64(key:)" or "Bearer key".
static struct text authorized_key(struct reading *reading) {
    struct text rest, decoded;
    const struct text scheme = text_split(text_trim(reading->request->authorization), ' ', &rest);

    rest = text_trim(rest);
    if (text_equal_ascii_case(scheme, TEXT("Bearer")))
        return rest;
    if (!text_equal_ascii_case(scheme, TEXT("Basic")) ||
        !base64_decode(&reading->desk->scope.arena, rest, BASE64_STANDARD, &decoded))
        return (struct text){0};
    return text_split(decoded, ':', &rest);
}

static struct text given_key(struct reading *reading) {
    struct scope *scope = &reading->desk->scope;
    const struct json *member = reading->body ? json_member(reading->body, "writeKey") : NULL;
    struct text key = authorized_key(reading);
    struct request_parameter *parameters;
    struct request request = {0};

    if (key.size == 0 && member && member->type == JSON_STRING)
        key = member->string;
    if (key.size > 0 ||
        query_parse(scope, reading->request->query, &parameters, &request.parameter_count) != OK) {
        scope_forgive(scope);
        return key;
    }
    request.parameters = parameters;
    return request_text(&request, "writeKey");
}

static bool find_sender(struct reading *reading, struct text key) {
    struct collector *collector = reading->collector;
    struct arena *arena = &reading->delivery->arena;
    const struct sender_entry *entry;

    pthread_mutex_lock(&collector->list_mutex);
    entry = key.size > 0 ? sender_list_find(collector->list, key, reading->delivery->received_at_us)
                         : NULL;
    if (entry) {
        for (size_t i = 0; i < FULL_MOST; i++)
            reading->is_full |= collector->full[i] == entry->sender.id;
        reading->sender = entry->sender;
        reading->sender.name = text_copy(arena, entry->sender.name);
        reading->sender.schema = text_copy(arena, entry->sender.schema);
        reading->context.country =
            text_copy(&reading->desk->scope.arena, text_of(collector->country));
    }
    pthread_mutex_unlock(&collector->list_mutex);
    return entry != NULL;
}

static code check_key(struct reading *reading) {
    const struct text key = given_key(reading);

    if (!find_sender(reading, key))
        return refuse(reading, 401, UNAUTHENTICATED,
                      key.size > 0 ? "this write key is no source's" : "the write key is missing");
    reading->delivery->sender_id = reading->sender.id;
    reading->delivery->sender_name = reading->sender.name;
    reading->delivery->is_exempt = reading->sender.is_exempt;
    reading->delivery->asks = reading->sender.asks && reading->sender.type == SENDER_WEBSITE;
    if (!reading->sender.is_enabled)
        return refuse(reading, 404, NOT_FOUND, "this source is switched off");
    return OK;
}

// ---- messages ----

static int status_of_fault(const struct message_fault *fault) {
    return strcmp(fault->reason, "too_large") == 0 ? 413 : 400;
}

// A single message that cannot be read is refused: whoever sent it is told at once. One that its
// source wants kept apart (its schema) is.
static code read_single(struct reading *reading) {
    struct delivery *delivery = reading->delivery;
    struct message *message = arena_alloc(&delivery->arena, sizeof(*message));

    message_read(&delivery->arena, &reading->context, reading->body, reading->type, message);
    if (message->is_forgotten) {
        delivery->forgotten_count = 1;
        return OK;
    }
    if (!message->is_taken && !message_is_readable(message)) {
        reading->status = status_of_fault(&message->fault);
        return scope_fail_field(&reading->desk->scope, reading->status == 413 ? TOO_LARGE : INVALID,
                                message->fault.field, "%s", message->fault.message);
    }
    delivery->messages = message;
    delivery->message_count = 1;
    return OK;
}

static code read_batch(struct reading *reading) {
    const struct json *batch = json_member(reading->body, "batch");
    struct delivery *delivery = reading->delivery;

    if (!batch || batch->type != JSON_ARRAY || batch->count == 0)
        return refuse(reading, 400, INVALID, "a batch is an array of at least one message");
    if (batch->count > MESSAGE_BATCH)
        return refuse(reading, 413, TOO_LARGE, "a batch has at most 2500 messages");
    delivery->messages = arena_array(&delivery->arena, batch->count, sizeof(*delivery->messages));
    for (const struct json *one = batch->first; one; one = one->next) {
        struct message *message = &delivery->messages[delivery->message_count];

        message_read(&delivery->arena, &reading->context, one, MESSAGE_TYPE_COUNT, message);
        delivery->forgotten_count += message->is_forgotten;
        delivery->message_count += !message->is_forgotten;
    }
    return OK;
}

static code read_schemas(struct reading *reading) {
    struct json *schemas;

    if (reading->sender.schema.size == 0)
        return OK;
    TRY(json_parse_own(&reading->desk->scope, reading->sender.schema, &schemas));
    reading->context.schemas = schemas;
    return OK;
}

// It is kept with each message, so a long one would be as many times as long as there are messages.
static code read_common_context(struct reading *reading) {
    struct message_context *context = &reading->context;
    bool has_nul;

    context->context = json_member(reading->body, "context");
    if (!context->context)
        return OK;
    context->context_bytes = message_weight(context->context, &has_nul);
    if (context->context_bytes > LIMIT_COMMON_CONTEXT_BYTES)
        return refuse(reading, 413, TOO_LARGE, "the context of a batch has at most 8 KB");
    return has_nul ? refuse(reading, 400, INVALID, "a text of the context holds a NUL") : OK;
}

static code read_messages(struct reading *reading) {
    const char *path = reading->request->route->path;
    struct message_context *context = &reading->context;

    context->sender = &reading->sender;
    context->received_at_us = reading->delivery->received_at_us;
    context->zone = reading->desk->zone;
    TRY(read_schemas(reading));
    message_instant(&reading->desk->scope.arena, context->zone,
                    json_member(reading->body, "sentAt"), &context->sent_at_us);
    if (message_type_parse(text_of(strrchr(path, '/') + 1), &reading->type))
        return read_single(reading);
    TRY(read_common_context(reading));
    return read_batch(reading);
}

// Whose browser says not to track is answered as others are, and nothing of it is kept.
static bool must_be_forgotten(const struct reading *reading) {
    return reading->request->client->opts_out && sender_type_is_public(reading->sender.type);
}

// What would wait in quarantine with too many others is refused, with all that came with it: so
// nothing is dropped, and whoever sends is told.
static code check_room_in_quarantine(struct reading *reading) {
    const struct delivery *delivery = reading->delivery;

    for (size_t i = 0; reading->is_full && i < delivery->message_count; i++)
        if (message_wrong(&delivery->messages[i]))
            return refuse(reading, 429, BUSY,
                          "too many messages of this source wait in quarantine, where one of these "
                          "would have to wait, too");
    return OK;
}

static void tell_forgotten(const struct reading *reading, const char *why) {
    recents_add_refusal(reading->collector->recents, reading->sender.id,
                        reading->delivery->received_at_us, why);
}

static code read_request(struct reading *reading) {
    struct delivery *delivery = reading->delivery;

    TRY(read_body(reading));
    TRY(check_key(reading));
    TRY(read_messages(reading));
    if (must_be_forgotten(reading)) {
        delivery->forgotten_count += (int64_t)delivery->message_count;
        delivery->message_count = 0;
        tell_forgotten(reading, "the browser says not to track (Sec-GPC, DNT): nothing was kept");
    } else if (delivery->forgotten_count > 0) {
        tell_forgotten(reading, "the purpose was refused (context.consent): nothing was kept");
    }
    return check_room_in_quarantine(reading);
}

// ---- there and back ----

// The smallest image there is: one transparent point.
static const char pixel[] =
    "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1"
    "\0\0\2\1D\0;";

void delivery_answer(const struct delivery *delivery) {
    const int64_t forgotten_count = delivery->forgotten_count + delivery->counts.forgotten;
    char body[160], forgotten[40] = "";
    struct intake_answer answer = {.status = 200, .content_type = "application/json"};

    if (delivery->is_pixel) {
        answer.content_type = "image/gif";
        answer.body = (struct text){.data = pixel, .size = sizeof(pixel) - 1};
        answer.is_constant = true;
    } else if (delivery->message_count == 1 && delivery->counts.accepted == 1 &&
               delivery->counts.quarantined + delivery->counts.marked + forgotten_count == 0) {
        answer.body = TEXT("{\"success\":true,\"accepted\":1,\"duplicates\":0,\"quarantined\":0,"
                           "\"marked\":0}");
        answer.is_constant = true;
    } else {
        if (forgotten_count > 0)
            snprintf(forgotten, sizeof(forgotten), ",\"forgotten\":%lld",
                     (long long)forgotten_count);
        snprintf(body, sizeof(body),
                 "{\"success\":true,\"accepted\":%lld,\"duplicates\":%lld,\"quarantined\":%lld,"
                 "\"marked\":%lld%s}",
                 (long long)delivery->counts.accepted, (long long)delivery->counts.duplicate,
                 (long long)delivery->counts.quarantined, (long long)delivery->counts.marked,
                 forgotten);
        answer.body = text_of(body);
    }
    intake_answer(delivery->exchange, &answer);
}

static int status_of(code reason) {
    return reason == STORAGE_FULL ? 507 : reason == INTERNAL ? 500 : 503;
}

// Whatever it was, it is not the sender's fault: it may send the same again.
void delivery_refuse(const struct delivery *delivery, const struct failure *failure) {
    struct failure told = {.code = failure->code == STORAGE_FULL || failure->code == INTERNAL
                                       ? failure->code
                                       : UNAVAILABLE,
                           .retry_after_s = RETRY_AFTER_S};

    snprintf(told.message, sizeof(told.message), "nothing of this was kept: send it again later");
    intake_refuse(delivery->exchange, status_of(failure->code), &told);
}

static void answer_refusal(struct reading *reading) {
    const struct failure *failure = &reading->desk->scope.failure;
    struct delivery *delivery = reading->delivery;
    const int status =
        reading->status > 0 ? reading->status : code_info(failure->code)->http_status;

    if (delivery->sender_id != 0)
        recents_add_refusal(reading->collector->recents, delivery->sender_id,
                            delivery->received_at_us, failure->message);
    intake_refuse(reading->request->exchange, status, failure);
}

// The texts of the messages stand in the delivery until it is written.
static code queue(struct reading *reading) {
    struct delivery *delivery = reading->delivery;

    TRY(read_request(reading));
    if (!intake_hold(delivery->exchange, (int64_t)(sizeof(*delivery) + delivery->arena.allocated)))
        return refuse(reading, 429, BUSY,
                      "more is being sent than can be taken: send it again later");
    if (!collect_put(reading->collector, delivery))
        return refuse(reading, 503, UNAVAILABLE, "the server is stopping");
    return OK;
}

static void take(void *argument, const struct intake_request *request) {
    struct collector *collector = argument;
    struct desk *desk = desk_take(collector->desks);
    struct reading reading = {.collector = collector,
                              .desk = desk,
                              .request = request,
                              .delivery = delivery_new(),
                              .type = MESSAGE_TYPE_COUNT};

    reading.delivery->received_at_us = time_now_us();
    reading.delivery->exchange = request->exchange;
    reading.delivery->is_pixel = request->route->method == METHOD_GET;
    if (queue(&reading) != OK) {
        answer_refusal(&reading);
        delivery_free(reading.delivery);
    }
    desk_give(collector->desks, desk);
}

static void stop_taking(void *argument) {
    collect_stop_taking(argument);
}

struct intake *collect_intake_new(struct collector *collector) {
    struct intake *intake = calloc(1, sizeof(*intake));

    if (!intake)
        abort();
    *intake = (struct intake){.routes = collect_routes,
                              .route_count = sizeof(collect_routes) / sizeof(*collect_routes),
                              .context = collector,
                              .take = take,
                              .write_figures = collect_write_figures,
                              .stop = stop_taking};
    return intake;
}
