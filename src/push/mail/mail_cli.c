// SPDX-License-Identifier: Apache-2.0
#include "push/mail/mail_cli.h"

#include "base/base64.h"

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/mail"), TEXT(""));
}

// An option, and the member of the body that it becomes.
static const struct {
    const char *option, *member;
    bool is_number;
} set_members[] = {
    {"host", "host", false},
    {"port", "port", true},
    {"tls", "tls", false},
    {"user", "user", false},
    {"helo", "helo", false},
    {"connections", "connections", true},
    {"per-domain", "per_domain", true},
    {"from-name", "from_name", false},
    {"from", "from_address", false},
    {"reply-to", "reply_to", false},
    {"return-host", "return_host", false},
    {"list-id", "list_id", false},
    {"feedback-id", "feedback_id", false},
    {"warm-up", "warm_up_per_day", true},
};

static code write_members(struct scope *scope, struct json_writer *writer,
                          const struct arguments *arguments) {
    for (size_t i = 0; i < sizeof(set_members) / sizeof(*set_members); i++) {
        const struct text given = argument_text(arguments, set_members[i].option);
        int64_t number;

        if (!argument_given(arguments, set_members[i].option))
            continue;
        json_key(writer, set_members[i].member);
        if (!set_members[i].is_number) {
            json_write_text(writer, given);
            continue;
        }
        if (!text_to_int64(given, &number))
            return scope_fail_field(scope, INVALID, set_members[i].member, "\"%.*s\" is no number",
                                    TEXT_ARG(given));
        json_write_int64(writer, number);
    }
    return OK;
}

static code run_set(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;
    struct text password;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    TRY(write_members(scope, &writer, arguments));
    if (argument_given(arguments, "password-file")) {
        TRY(cli_read_file(scope,
                          text_string(&scope->arena, argument_text(arguments, "password-file")),
                          &password));
        json_key(&writer, "password");
        json_write_text(&writer, text_trim(password));
    }
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_PUT, TEXT("/api/v1/mail"), buffer_text(&body));
}

static code run_key_add(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "algorithm");
    json_write_string(&writer, text_is(argument_text(arguments, "algorithm"), "ed25519")
                                   ? "ed25519-sha256"
                                   : "rsa-sha256");
    if (argument_given(arguments, "selector")) {
        json_key(&writer, "selector");
        json_write_text(&writer, argument_text(arguments, "selector"));
    }
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/mail/keys"), buffer_text(&body));
}

static struct text key_path(struct scope *scope, const struct arguments *arguments,
                            const char *behind) {
    const struct text name = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return text_printf(&scope->arena, "/api/v1/mail/keys/%.*s%s", TEXT_ARG(name), behind);
}

static code run_key_use(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_POST, key_path(scope, arguments, "/use"), TEXT(""));
}

static code run_key_remove(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_DELETE, key_path(scope, arguments, ""), TEXT(""));
}

static code run_test(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "to");
    json_write_text(&writer, argument_operand(arguments, 0));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/mail/test"), buffer_text(&body));
}

static code run_figures(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/mail/destinations"), TEXT(""));
}

static code run_receive(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;
    struct text mail;

    TRY(cli_read_file(scope, "/dev/stdin", &mail));
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "recipient");
    json_write_text(&writer, argument_operand(arguments, 0));
    json_key(&writer, "mail");
    json_write_text(&writer, base64_encode(&scope->arena, mail, BASE64_STANDARD));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/mail/received"), buffer_text(&body));
}

static code run_check(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;
    const struct json *answer, *is_red;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/mail/checks"));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    TRY(cli_print(scope, cli, answer));
    is_red = json_member(answer, "is_red");
    return is_red && is_red->boolean ? scope_fail(scope, CONFLICT, "mail is not ready for many")
                                     : OK;
}

static const char *const tls_choices[] = {"starttls", "implicit", "none", NULL};
static const char *const algorithm_choices[] = {"rsa", "ed25519", NULL};

static const struct option set_options[] = {
    {.name = "host", .value = "HOST", .help = "the relay that mail leaves through"},
    {.name = "port", .value = "PORT", .help = "of the relay (587)"},
    {.name = "tls",
     .value = "KIND",
     .help = "starttls (required), implicit, or none where the relay is this machine",
     .choices = tls_choices},
    {.name = "user", .value = "NAME", .help = "at the relay"},
    {.name = "password-file", .value = "FILE", .help = "what the relay's password stands in"},
    {.name = "helo", .value = "NAME", .help = "the name that this machine gives"},
    {.name = "connections", .value = "N", .help = "at once (10)"},
    {.name = "per-domain", .value = "N", .help = "of them to one destination (10)"},
    {.name = "from-name", .value = "NAME", .help = "of the sender"},
    {.name = "from", .value = "ADDRESS", .help = "of the sender"},
    {.name = "reply-to", .value = "ADDRESS", .help = "where replies go"},
    {.name = "return-host", .value = "HOST", .help = "bounces come to b+...@HOST"},
    {.name = "list-id", .value = "ID", .help = "such as news.example.org"},
    {.name = "feedback-id", .value = "NAME", .help = "by which Gmail counts: 5 to 15 letters"},
    {.name = "warm-up", .value = "N", .help = "mails to one destination on the first day; 0: none"},
    {0},
};
static const struct option key_options[] = {
    {.name = "algorithm",
     .value = "NAME",
     .help = "rsa, which everybody reads (usually), or ed25519 beside it",
     .choices = algorithm_choices},
    {.name = "selector", .value = "NAME", .help = "its name in DNS"},
    {0},
};

const struct command mail_commands[] = {
    {.name = "mail show",
     .operands = "",
     .summary = "How mail leaves, and the keys that sign it",
     .run = run_show,
     .store = COMMAND_NEEDS_STORE},
    {.name = "mail set",
     .operands = "",
     .summary = "Set up the relay and the sender of mail",
     .help = "What is not named stays as it is.\n",
     .options = set_options,
     .run = run_set,
     .store = COMMAND_OPENS_STORE},
    {.name = "mail add-key",
     .operands = "",
     .summary = "Make a DKIM key and tell its record for DNS",
     .help = "It signs nothing before `tessera mail use-key`.\n",
     .options = key_options,
     .run = run_key_add,
     .store = COMMAND_NEEDS_STORE},
    {.name = "mail use-key",
     .operands = "SELECTOR",
     .summary = "Sign mail with a key from now on",
     .help =
         "The one of its kind before it signs nothing more; leave its record in DNS for a week\n"
         "or two: mails on the way are signed by it.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_key_use,
     .store = COMMAND_NEEDS_STORE},
    {.name = "mail remove-key",
     .operands = "SELECTOR",
     .summary = "Forget a DKIM key",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_key_remove,
     .store = COMMAND_NEEDS_STORE},
    {.name = "mail test",
     .operands = "ADDRESS",
     .summary = "Send one mail, to try how it leaves",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_test,
     .store = COMMAND_NEEDS_STORE},
    {.name = "mail destinations",
     .operands = "",
     .summary = "What became of mail in the last 30 days, by destination",
     .run = run_figures,
     .store = COMMAND_NEEDS_STORE},
    {.name = "mail receive",
     .operands = "[RECIPIENT]",
     .summary = "Take a bounce, complaint or reply from standard input",
     .help = "For the mail server's pipe, with whom the mail came to.\n",
     .maximum_operands = 1,
     .run = run_receive,
     .store = COMMAND_NEEDS_STORE},
    {.name = "doctor mail",
     .operands = "",
     .summary = "Check what receivers ask of mail: SPF, DKIM, DMARC, TLS, one click",
     .help =
         "Exit code 4 when a check fails. DNS is asked through this machine's resolver, or the\n"
         "one that TESSERA_DNS names (ADDRESS:PORT).\n",
     .run = run_check,
     .store = COMMAND_NEEDS_STORE},
};
const size_t mail_command_count = sizeof(mail_commands) / sizeof(*mail_commands);
