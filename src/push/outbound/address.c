// SPDX-License-Identifier: Apache-2.0
#include "push/outbound/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct range_4 {
    uint32_t first;
    int bits;
};

static bool is_public_4(uint32_t address) {
    static const struct range_4 apart[] = {
        {0x00000000, 8},  // this network
        {0x0A000000, 8},  // private
        {0x64400000, 10}, // shared, behind a carrier's translation
        {0x7F000000, 8},  // this machine
        {0xA9FE0000, 16}, // link; clouds tell their secrets at 169.254.169.254
        {0xAC100000, 12}, // private
        {0xC0000000, 24}, // of protocols
        {0xC0000200, 24}, // documentation
        {0xC0586300, 24}, // relays of 6to4, deprecated
        {0xC0A80000, 16}, // private
        {0xC6120000, 15}, // benchmarks
        {0xC6336400, 24}, // documentation
        {0xCB007100, 24}, // documentation
        {0xE0000000, 4},  // multicast
        {0xF0000000, 4},  // reserved, broadcast
    };

    for (size_t i = 0; i < sizeof(apart) / sizeof(*apart); i++)
        if ((address ^ apart[i].first) >> (32 - apart[i].bits) == 0)
            return false;
    return true;
}

static uint32_t four_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool begins(const uint8_t *address, const char *prefix, size_t size) {
    return memcmp(address, prefix, size) == 0;
}

static bool is_public_6(const uint8_t *address) {
    static const char mapped[] = "\0\0\0\0\0\0\0\0\0\0\xFF\xFF";
    static const char nat64[] = "\0\x64\xFF\x9B\0\0\0\0\0\0\0";

    if (begins(address, mapped, 12) || begins(address, nat64, 12))
        return is_public_4(four_at(address + 12));
    if (begins(address, "\x20\x02", 2)) // 6to4
        return is_public_4(four_at(address + 2));
    if ((address[0] & 0xE0) != 0x20) // all that is public so far is within 2000::/3
        return false;
    if (begins(address, "\x20\x01", 2) && (address[2] & 0xFE) == 0) // protocols, Teredo
        return false;
    return !begins(address, "\x20\x01\x0D\xB8", 4) && // documentation
           !(begins(address, "\x3F\xFF", 2) && (address[2] & 0xF0) == 0);
}

bool address_is_public(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;

        memcpy(&four, address, sizeof(four));
        return is_public_4(ntohl(four.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 six;

        memcpy(&six, address, sizeof(six));
        return is_public_6(six.sin6_addr.s6_addr);
    }
    return false;
}
