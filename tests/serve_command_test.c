// SPDX-License-Identifier: Apache-2.0
// `tessera serve` as a process: it answers over plain HTTP and TLS, and ends when it is told to.
#include "tests/program.h"
#include "web/server_testing.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(serve_answers_until_it_is_told_to_stop) {
    const struct served *served = serve_program(scope, "");
    struct test_answer answer = test_get(scope, served->port, "/healthz");
    struct program_result other;

    CHECK_INT(answer.status, 200);
    CHECK_INT(test_get(scope, served->port, "/api/v1/customers").status, 401);
    other = run_program(scope, "serve --listen 127.0.0.1:0", TEXT(""));
    CHECK_INT(other.exit_code, 4);
    CHECK(kill(served->process, SIGTERM) == 0);
    CHECK_INT(wait_program(served->process), 0);
}

// ---- TLS ----

static const char *make_certificate(struct scope *scope) {
    const char *folder = test_folder(scope);
    const char *key = arena_printf(&scope->arena, "%s/key.pem", folder);
    const char *certificate = arena_printf(&scope->arena, "%s/certificate.pem", folder);
    const char *const words[] = {
        "openssl", "req", "-x509", "-newkey",       "rsa:2048", "-nodes",
        "-days",   "2",   "-subj", "/CN=localhost", "-addext",  "subjectAltName=DNS:localhost",
        "-keyout", key,   "-out",  certificate,     NULL};

    if (run_other(scope, words) != 0)
        test_skip("there is no openssl to make a certificate with");
    CHECK(chmod(key, 0600) == 0);
    return arena_printf(&scope->arena, " --tls-certificate %s --tls-key %s", certificate, key);
}

// What a client says that speaks at least, and at most, these versions.
static struct text ask_over_tls(struct scope *scope, uint16_t port, const char *least,
                                const char *most) {
    static const char script[] =
        "import socket, ssl, sys\n"
        "port, ca, least, most = sys.argv[1:]\n"
        "context = ssl.create_default_context(cafile=ca)\n"
        "context.set_ciphers('ALL:@SECLEVEL=0')\n"
        "context.minimum_version = getattr(ssl.TLSVersion, least)\n"
        "context.maximum_version = getattr(ssl.TLSVersion, most)\n"
        "try:\n"
        "    raw = socket.create_connection(('127.0.0.1', int(port)))\n"
        "    with context.wrap_socket(raw, server_hostname='localhost') as wrapped:\n"
        "        wrapped.sendall(b'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\n"
        "Connection: close\\r\\n\\r\\n')\n"
        "        answer = b''\n"
        "        while piece := wrapped.recv(65536):\n"
        "            answer += piece\n"
        "        print(wrapped.version(), answer.decode())\n"
        "except OSError as error:\n"
        "    print('failed', error)\n";
    const char *ca = arena_printf(&scope->arena, "%s/certificate.pem", test_folder(scope));
    const char *const words[] = {
        "python3", "-W",  "ignore", "-c", script, arena_printf(&scope->arena, "%u", port),
        ca,        least, most,     NULL};

    return run_other_for_output(scope, words);
}

static bool holds(struct text text, const char *what) {
    return text.size > 0 && memmem(text.data, text.size, what, strlen(what)) != NULL;
}

TEST(serve_speaks_tls_from_1_2_on_and_tells_browsers_to_stay_with_it) {
    const struct served *served = serve_program(scope, make_certificate(scope));
    const struct text oldest = ask_over_tls(scope, served->port, "TLSv1", "TLSv1_1");
    const struct text old = ask_over_tls(scope, served->port, "TLSv1_2", "TLSv1_2");
    const struct text newest = ask_over_tls(scope, served->port, "TLSv1_3", "TLSv1_3");

    CHECK(text_starts_with(oldest, TEXT("failed")));
    CHECK(text_starts_with(old, TEXT("TLSv1.2 HTTP/1.1 200 OK")));
    CHECK(text_starts_with(newest, TEXT("TLSv1.3 HTTP/1.1 200 OK")));
    CHECK(holds(newest, "Strict-Transport-Security: max-age=63072000; includeSubDomains"));
    CHECK(kill(served->process, SIGTERM) == 0);
    CHECK_INT(wait_program(served->process), 0);
}

TEST(a_request_in_the_clear_is_not_answered_where_tls_is_spoken) {
    const struct served *served = serve_program(scope, make_certificate(scope));

    CHECK_INT(test_get(scope, served->port, "/healthz").status, 0);
}
