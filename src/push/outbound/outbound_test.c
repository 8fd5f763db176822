// SPDX-License-Identifier: Apache-2.0
// What may be called and what not, in words and in a server that hears nothing of what may not.
#include "base/test.h"
#include "push/outbound/address.h"
#include "push/outbound/outbound.h"
#include "store/store_testing.h"

#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

static bool is_public(const char *text) {
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        return address_is_public((const struct sockaddr *)&four);
    CHECK_INT(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return address_is_public((const struct sockaddr *)&six);
}

TEST(addresses_of_this_machine_its_network_and_its_cloud_are_not_public) {
    static const char *const apart[] = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "3fff:fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "ffff::1",
    };
    static const char *const public[] = {
        "1.1.1.1",        "9.255.255.255", "11.0.0.0",     "100.63.255.255", "100.128.0.0",
        "126.0.0.1",      "128.0.0.1",     "169.253.0.1",  "172.15.0.1",     "172.32.0.1",
        "192.167.0.1",    "192.169.0.1",   "198.17.0.1",   "198.20.0.1",     "223.255.255.255",
        "2600::1",        "2001:200::1",   "2a00:1450::1", "2002:808:808::", "64:ff9b::808:808",
        "::ffff:8.8.8.8", "3fff:1000::1",
    };

    for (size_t i = 0; i < sizeof(apart) / sizeof(*apart); i++)
        if (is_public(apart[i]))
            test_fail(__FILE__, __LINE__, "%s", apart[i]);
    for (size_t i = 0; i < sizeof(public) / sizeof(*public); i++)
        if (!is_public(public[i]))
            test_fail(__FILE__, __LINE__, "%s", public[i]);
}

TEST(an_address_that_would_never_be_called_is_not_kept) {
    static const char *const refused[] = {
        "",
        "nonsense",
        "//example.com/x",
        "http://example.com/x",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "gopher://example.com",
        "https://user:secret@example.com/",
        "https://user@example.com/",
        "https://",
        "http://127.0.0.1:13013/",
        "javascript:alert(1)",
    };

    test_store(scope);
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        CHECK_CODE(outbound_check(scope, text_of(refused[i]), "address"), INVALID);
        CHECK_TEXT(text_of(scope->failure.field), "address");
        CHECK(!strstr(scope->failure.message, "secret"));
        scope_forgive(scope);
    }
    CHECK_OK(outbound_check(scope, TEXT("https://example.com/hook?a=b"), "address"));
}

// A socket of this machine that listens, and on which nobody may knock.
static int listen_here(uint16_t *ret_port) {
    struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_addr = in6addr_any};
    socklen_t size = sizeof(here);
    const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&here, sizeof(here)) == 0 && listen(fd, 64) == 0 &&
          getsockname(fd, (struct sockaddr *)&here, &size) == 0);
    *ret_port = ntohs(here.sin6_port);
    return fd;
}

TEST(a_name_for_this_machine_in_whatever_writing_is_not_called) {
    static const char *const hosts[] = {
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "127.0.1",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:7f00:1]",
        "[::ffff:127.0.0.1]",
        "127.0.0.1.",
        "LOCALHOST",
        "[0:0:0::0:0:1]",
        "%31%32%37.0.0.1",
    };
    uint16_t port;
    const int fd = listen_here(&port);

    test_store(scope);
    for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
        const struct outbound_request request = {
            .method = "POST",
            .url = text_printf(&scope->arena, "https://%s:%d/secret", hosts[i], port),
            .body = TEXT("{}"),
            .timeout_ms = 2000};
        struct outbound_answer answer;

        outbound_call(scope, &request, &answer);
        if (answer.state != OUTBOUND_NOT_SENT || accept(fd, NULL, NULL) >= 0)
            test_fail(__FILE__, __LINE__, "%s was called", hosts[i]);
    }
    close(fd);
}
