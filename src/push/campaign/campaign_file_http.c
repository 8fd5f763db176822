// SPDX-License-Identifier: Apache-2.0
// Files that channels made for a campaign, in the store's outbox: which there are, and one to take
// away. A name is that of the campaign's own files or of none, so no name leads elsewhere. On the
// machine that made them only.
#include "govern/audit/audit.h"
#include "push/campaign/campaign.h"
#include "push/campaign/campaign_http.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

enum { MOST_FILES = 10000, NAME_BYTES = 80 };

// ---- names ----

// "17.jsonl", "17-2a.pdf", "17-2a.pdf.csv" of campaign 17: letters, digits, single dots. What is
// still being written (".part") is none.
static bool is_name_of(struct scope *scope, int64_t campaign_id, struct text name) {
    const struct text id = text_printf(&scope->arena, "%" PRId64, campaign_id);

    if (name.size > NAME_BYTES || !text_starts_with(name, id) ||
        text_ends_with(name, TEXT(".part")))
        return false;
    if (name.size == id.size || (name.data[id.size] != '.' && name.data[id.size] != '-'))
        return false;
    for (size_t i = id.size + 1; i < name.size; i++) {
        const char sign = name.data[i];
        const bool is_letter = (sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9');

        if (!is_letter && (sign != '.' || name.data[i - 1] == '.' || i + 1 == name.size))
            return false;
    }
    return name.size > id.size + 1;
}

static const char *outbox(struct scope *scope) {
    return text_string(&scope->arena,
                       text_printf(&scope->arena, "%s/outbox", store_path(session_store(scope))));
}

// ---- which there are ----

static void write_file(struct response *response, struct text name, const struct stat *status) {
    response_begin_row(response);
    response_text(response, name);
    response_int64(response, COLUMN_INTEGER, status->st_size);
    response_int64(response, COLUMN_INSTANT,
                   (int64_t)status->st_mtim.tv_sec * 1000000 + status->st_mtim.tv_nsec / 1000);
    response_end_row(response);
}

static int by_name(const void *one, const void *other) {
    return text_compare(*(const struct text *)one, *(const struct text *)other);
}

// The names of the campaign's files; none when there is no outbox yet.
static code read_names(struct scope *scope, int64_t campaign_id, struct text *ret_names,
                       size_t *ret_count) {
    DIR *folder = opendir(outbox(scope));
    const struct dirent *entry;
    size_t count = 0;

    if (!folder && errno != ENOENT)
        return scope_fail(scope, UNAVAILABLE, "the outbox cannot be read: %s", strerror(errno));
    while (folder && count < MOST_FILES && (entry = readdir(folder)))
        if (is_name_of(scope, campaign_id, text_of(entry->d_name)))
            ret_names[count++] = text_copy(&scope->arena, text_of(entry->d_name));
    if (folder)
        closedir(folder);
    qsort(ret_names, count, sizeof(*ret_names), by_name);
    *ret_count = count;
    return OK;
}

code campaign_http_files(struct scope *scope, const struct request *request,
                         struct response *response) {
    static const struct column columns[] = {
        {"name", "File", COLUMN_TEXT, NULL},
        {"bytes", "Size", COLUMN_INTEGER, NULL},
        {"made_at", "Made", COLUMN_INSTANT, NULL},
    };
    struct text *names = arena_array(&scope->arena, MOST_FILES, sizeof(*names));
    struct campaign campaign;
    size_t count = 0;

    TRY(campaign_find(scope, request_text(request, "name"), &campaign));
    TRY(read_names(scope, campaign.id, names, &count));
    response_begin_table(response, NULL, columns, COUNT_OF(columns));
    for (size_t i = 0; i < count; i++) {
        struct stat status;

        if (lstat(text_string(&scope->arena, text_printf(&scope->arena, "%s/%.*s", outbox(scope),
                                                         TEXT_ARG(names[i]))),
                  &status) == 0 &&
            S_ISREG(status.st_mode))
            write_file(response, names[i], &status);
    }
    response_end_table(response);
    return OK;
}

// ---- one to take away ----

const struct route_answer campaign_file_answer = {.type = ANSWER_FILE,
                                                  .help = "the file, as an attachment"};

static const char *content_type_of(struct text name) {
    if (text_ends_with(name, TEXT(".pdf")))
        return "application/pdf";
    return text_ends_with(name, TEXT(".csv")) ? "text/csv; charset=utf-8"
                                              : "application/octet-stream";
}

static code open_file(struct scope *scope, int64_t campaign_id, struct text name, int *ret_file) {
    struct stat status;
    int file = -1;

    if (is_name_of(scope, campaign_id, name))
        file = open(text_string(&scope->arena, text_printf(&scope->arena, "%s/%.*s", outbox(scope),
                                                           TEXT_ARG(name))),
                    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        *ret_file = file;
        return OK;
    }
    if (file >= 0)
        close(file);
    return scope_fail(scope, NOT_FOUND, "the campaign has no file \"%.*s\"", TEXT_ARG(name));
}

// Who takes the data out is recorded before they have it.
code campaign_http_file(struct scope *scope, const struct request *request,
                        struct response *response) {
    const struct text name = request_text(request, "file");
    struct campaign campaign;

    TRY(campaign_find(scope, request_text(request, "name"), &campaign));
    TRY(open_file(scope, campaign.id, name, &response->file));
    response->content_type = content_type_of(name);
    TRY(response_attachment(scope, response, name));
    return AUDIT(scope, "campaign.fetch", campaign.name, {"file", name});
}
