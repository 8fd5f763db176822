// SPDX-License-Identifier: Apache-2.0
#include "push/mail/dns.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

enum { ANSWER_BYTES = 8192, WAIT_S = 2, TRIES = 2 };

static struct text read_txt(struct arena *arena, const unsigned char *data, size_t size) {
    struct buffer joined = {0};
    struct text text;

    for (size_t at = 0; at < size && at + 1 + data[at] <= size; at += 1 + (size_t)data[at])
        buffer_add(&joined, data + at + 1, data[at]);
    text = text_copy(arena, buffer_text(&joined));
    buffer_clear(&joined);
    return text;
}

static struct text read_name(struct arena *arena, const ns_msg *message,
                             const unsigned char *data) {
    char name[NS_MAXDNAME];

    if (ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message), data, name, sizeof(name)) <
        0)
        return (struct text){0};
    return text_copy(arena, text_of(name));
}

static struct text read_value(struct arena *arena, const ns_msg *message, const ns_rr *record,
                              enum dns_type type) {
    const unsigned char *data = ns_rr_rdata(*record);
    const size_t size = ns_rr_rdlen(*record);
    char address[INET6_ADDRSTRLEN];

    switch (type) {
    case DNS_TXT:
        return read_txt(arena, data, size);
    case DNS_PTR:
        return read_name(arena, message, data);
    case DNS_MX:
        return size > 2 ? read_name(arena, message, data + 2) : (struct text){0};
    case DNS_A:
    case DNS_AAAA:
        if (size != (type == DNS_A ? 4u : 16u) ||
            !inet_ntop(type == DNS_A ? AF_INET : AF_INET6, data, address, sizeof(address)))
            return (struct text){0};
        return text_copy(arena, text_of(address));
    }
    return (struct text){0};
}

static void read_answers(struct arena *arena, const unsigned char *bytes, int size,
                         enum dns_type type, struct dns_answers *answers) {
    ns_msg message;
    ns_rr record;

    if (ns_initparse(bytes, size, &message) < 0)
        return;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
        struct text value;

        if (ns_parserr(&message, ns_s_an, i, &record) < 0 || answers->count == DNS_MOST_ANSWERS)
            return;
        if (ns_rr_type(record) != (ns_type)type)
            continue;
        value = read_value(arena, &message, &record, type);
        if (value.data)
            answers->values[answers->count++] = value;
    }
}

code dns_ask(struct scope *scope, const struct dns_server *server, struct text name,
             enum dns_type type, struct dns_answers *ret_answers) {
    unsigned char bytes[ANSWER_BYTES];
    struct __res_state state = {0};
    struct dns_answers answers = {0};
    int size, failure;

    if (res_ninit(&state) != 0)
        return scope_fail(scope, UNAVAILABLE, "this machine has no resolver");
    state.retrans = WAIT_S;
    state.retry = TRIES;
    if (server->address.size > 0) {
        state.nscount = 1;
        state.nsaddr_list[0].sin_family = AF_INET;
        state.nsaddr_list[0].sin_port = htons((uint16_t)server->port);
        inet_pton(AF_INET, text_string(&scope->arena, server->address),
                  &state.nsaddr_list[0].sin_addr);
    }
    size = res_nquery(&state, text_string(&scope->arena, name), ns_c_in, (int)type, bytes,
                      sizeof(bytes));
    failure = state.res_h_errno;
    res_nclose(&state);
    if (size < 0 && failure != HOST_NOT_FOUND && failure != NO_DATA)
        return scope_fail(scope, UNAVAILABLE, "DNS does not answer for %.*s", TEXT_ARG(name));
    if (size > 0)
        read_answers(&scope->arena, bytes, size < ANSWER_BYTES ? size : ANSWER_BYTES, type,
                     &answers);
    *ret_answers = answers;
    return OK;
}
