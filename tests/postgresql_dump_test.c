// SPDX-License-Identifier: Apache-2.0
// The commands of docs/operating.md for who backs up with PostgreSQL's own tools: what they bring
// back is a store that works.
#include "plug/import/import_testing.h"
#include "store/postgresql_testing.h"
#include "store/store_testing.h"
#include "tests/program.h"

#include <string.h>

static const char *const documented[] = {
    "pg_dump --format=custom --schema='tessera*' --file=crm.dump postgresql://db.example/crm",
    "pg_restore --no-owner --no-privileges --exit-on-error --dbname=postgresql://db.example/new "
    "crm.dump",
};

static void check_documented(struct scope *scope) {
    const char *text = text_string(&scope->arena, test_source(scope, "docs/operating.md"));

    for (size_t i = 0; i < sizeof(documented) / sizeof(*documented); i++)
        if (!strstr(text, documented[i]))
            test_fail(__FILE__, __LINE__, "docs/operating.md does not say: %s", documented[i]);
}

// A command of the document with other names of places, and without a shell's quotes.
static void run(struct scope *scope, const char *command, const char *address) {
    const char *words[12] = {0};
    struct text word, rest = text_of(command);
    size_t count = 0;

    while (rest.size > 0 && count < 11) {
        CLEANUP(buffer_clear) struct buffer said = {0};

        word = text_split(rest, ' ', &rest);
        for (size_t i = 0; i < word.size; i++) {
            const struct text from = {.data = word.data + i, .size = word.size - i};
            const bool is_file = text_starts_with(from, TEXT("crm.dump"));

            if (is_file || text_starts_with(from, TEXT("postgresql://"))) {
                buffer_add_string(&said, is_file ? test_folder(scope) : address);
                buffer_add_string(&said, is_file ? "/crm.dump" : "");
                break;
            }
            if (word.data[i] != '\'')
                buffer_add_char(&said, word.data[i]);
        }
        words[count++] = text_string(&scope->arena, buffer_text(&said));
    }
    CHECK_INT(run_other(scope, words), 0);
}

static void close_store(void *argument) {
    test_store_close(argument);
}

TEST(a_dump_by_the_tools_of_postgresql_brings_a_working_store_back) {
    static const char receipts[] = "receipt,sold_at,product,quantity,unit_price,customer\n"
                                   "1,2024-03-01,P1,1,10.00,C1\n1,2024-03-01,P2,2,1.50,C1\n"
                                   "2,2024-03-02,P1,1,10.00,C2\n";
    static const char more[] = "receipt,sold_at,product,quantity,unit_price,customer\n"
                               "2,2024-03-02,P1,1,10.00,C2\n3,2024-03-03,P1,1,10.00,C2\n";
    static const char question[] = "SELECT count(*), sum(gross_micros), count(DISTINCT sold_on), "
                                   "(SELECT count(*) FROM customer) FROM sale";
    struct test_place place;

    check_documented(scope);
    place =
        (struct test_place){.address = test_database(scope),
                            .folder = arena_printf(&scope->arena, "%s/beside", test_folder(scope))};
    test_at_end(close_store, scope);
    test_store_open_at(scope, place);
    test_import_file(scope, test_file(scope, "receipts.csv", text_of(receipts)), IMPORT_SALES,
                     NULL);
    CHECK_STRING(test_lake_rows(scope, question), "2|23000000|2|2");
    run(scope, documented[0], place.address);
    test_store_close(scope);

    place.address = test_database(scope);
    run(scope, documented[1], place.address);
    test_store_open_at(scope, place);
    CHECK_STRING(test_lake_rows(scope, question), "2|23000000|2|2");
    test_import_file(scope, test_file(scope, "more.csv", text_of(more)), IMPORT_SALES, NULL);
    CHECK_STRING(test_lake_rows(scope, question), "3|33000000|3|2");
}
