// SPDX-License-Identifier: Apache-2.0
// How a process runs: where it listens, what it may use, where backups go. Said on the command
// line, in the environment (TESSERA_NAME) or in a file of `name = value` lines; the first of these
// that says it holds, otherwise the default. Settings of a store, which change the meaning of its
// data, are something else: store/setting.h.
//
// No option holds a secret: those that need one name a file that only its owner may read.
#pragma once

#include "base/scope.h"

enum config_origin {
    CONFIG_BY_DEFAULT,
    CONFIG_BY_FILE,
    CONFIG_BY_ENVIRONMENT,
    CONFIG_BY_COMMAND_LINE
};

enum { CONFIG_MOST_OPTIONS = 32, CONFIG_ADDRESS_SIZE = 46 /* of a numeric one, as text */ };

// To add an option: a member here, a row in config.c; `./dev build` tells the rest to the manual,
// and a test asks for its row in docs/configuration.md.
struct config {
    const char *data;         // the store's folder, or a database's address; empty: none is known
    const char *files;        // the folder beside a database; empty: none is known
    const char *standby_loss; // refuse, accept
    const char *listen;       // "127.0.0.1:7380", "[::]:443"
    const char *base_url;     // "https://crm.example.com"; empty: from listen
    const char *tls_certificate; // paths of PEM files; empty: plain HTTP
    const char *tls_key;
    const char *trusted_proxy;  // numeric address; empty: none
    const char *internal_hosts; // "127.0.0.1:13013 sms.example.lan:443"; empty: none
    const char *log;            // a name of enum log_level
    const char *log_file;       // empty: standard error
    const char *backups;        // a folder; empty: none
    int64_t workers;            // 0: chosen by the number of processors
    int64_t lake_memory_bytes;  // 0: chosen by the machine
    int64_t upload_limit_bytes;
    int64_t body_limit_bytes;
    int64_t uploads_kept_s;
    int64_t exports_kept_s;
    int64_t backup_age_s;              // the newest backup is at most that old, or doctor warns
    int64_t database_connections;      // at most, of this process
    int64_t database_idle_connections; // that nobody uses and that are kept open nevertheless
    int64_t database_statement_timeout_s;
    int64_t database_lock_timeout_s;
    int64_t database_transaction_timeout_s; // of one in which nothing happens
    int64_t job_lease_s; // who runs a job says so before it is over, or another process takes it

    const char *file;                           // that was read; empty: none
    unsigned char origins[CONFIG_MOST_OPTIONS]; // enum config_origin of each option
};

enum config_type {
    CONFIG_TEXT,
    CONFIG_PATH,
    CONFIG_CHOICE,
    CONFIG_COUNT,
    CONFIG_BYTES,   // 512M: K, M, G and T are powers of 1024
    CONFIG_DURATION // 30d: s, m, h and d
};

struct config_option {
    const char *name; // "lake_memory": TESSERA_LAKE_MEMORY in the environment
    enum config_type type;
    size_t offset; // in struct config
    const char *otherwise;
    const char *value; // what stands for it in the help: "FOLDER"
    const char *help;
    int64_t minimum, maximum;   // of numbers; the default is allowed as well
    const char *const *choices; // NULL-terminated, CONFIG_CHOICE only
    // What the value must be, for a message; NULL when it is. NULL: any.
    const char *(*check)(struct text value);
};

extern const struct config_option config_options[];
extern const size_t config_option_count;

// Is this the address of a database, not the path of a folder?
bool config_is_address(struct text data);

// The defaults.
void config_init(struct config *config);

// Where to look, most telling first. NULL: not given.
struct config_sources {
    const char *file;               // --config; otherwise TESSERA_CONFIG, otherwise the first of
                                    // STORE/tessera.conf and system_file that is there
    const char *data;               // --data
    const char *const *environment; // "NAME=value", NULL-terminated
    const char *system_file;        // "/etc/tessera/tessera.conf"
};

// Everything but the command line's own options, which follow by config_set. INVALID for a name
// that no option has and for a value its check refuses, with the line. Texts live as long as the
// scope.
code config_load(struct scope *scope, const struct config_sources *sources,
                 struct config *ret_config);
// One option; `where` stands before what is wrong: "line 3 of /etc/tessera/tessera.conf".
code config_set(struct scope *scope, struct config *config, struct text name, struct text value,
                enum config_origin origin, const char *where);

// The value as the file would say it; of the option, or of a struct config.
struct text config_value(struct scope *scope, const struct config *config,
                         const struct config_option *option);
enum config_origin config_origin(const struct config *config, const struct config_option *option);
const char *config_origin_name(enum config_origin origin); // "file"

// Do the options of a server go together? INVALID says which do not.
code config_check_server(struct scope *scope, const struct config *config);
// The two parts of `listen`; the address is without brackets. False when it is none.
bool config_split_address(struct text listen, char ret_address[CONFIG_ADDRESS_SIZE],
                          uint16_t *ret_port);

// What links to the web app begin with: base_url, or made from listen. In the arena.
struct text config_base_url(struct arena *arena, const struct config *config);

// The content of a file that holds a secret. FORBIDDEN when others than its owner may read it (a
// file of root's may be read by its group), NOT_FOUND when there is none.
code config_read_secret(struct scope *scope, const char *option, const char *path,
                        struct text *ret_content);
// A variable of the environment that begins with TESSERA_ and names no option: a slip, maybe. NULL
// when there is none.
const char *config_unknown_variable(struct scope *scope, const char *const *environment);
