// SPDX-License-Identifier: Apache-2.0
// The commands of docs/operating.md for who backs up with PostgreSQL's own tools: what they bring
// back is a store that works.
#include "plug/import/import_testing.h"
#include "store/postgresql_testing.h"
#include "store/store_testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const documented[] = {
    "pg_dump --format=custom --schema='tessera*' --file=crm.dump postgresql://db.example/crm",
    "pg_restore --no-owner --no-privileges --exit-on-error --dbname=postgresql://db.example/new "
    "crm.dump",
};

static void check_documented(struct scope *scope) {
    FILE *file = fopen(TEST_SOURCE "/docs/operating.md", "r");
    char *text = arena_alloc(&scope->arena, 1 << 20);

    CHECK(file);
    text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
    fclose(file);
    for (size_t i = 0; i < sizeof(documented) / sizeof(*documented); i++)
        if (!strstr(text, documented[i]))
            test_fail(__FILE__, __LINE__, "docs/operating.md does not say: %s", documented[i]);
}

// A command of the document with other names of places.
static void run(struct scope *scope, const char *command, const char *address) {
    CLEANUP(buffer_clear) struct buffer line = {0};

    for (const char *place = command; *place != '\0';) {
        const size_t url = strncmp(place, "postgresql://", 13) == 0 ? strcspn(place, " ") : 0;
        const size_t file = strncmp(place, "crm.dump", 8) == 0 ? 8 : 0;

        if (url > 0)
            buffer_printf(&line, "'%s'", address);
        else if (file > 0)
            buffer_printf(&line, "%s/crm.dump", test_folder(scope));
        else
            buffer_add_char(&line, *place);
        place += url + file > 0 ? url + file : 1;
    }
    CHECK_INT(system(buffer_string(&line)), 0); // NOLINT(cert-env33-c): what people type
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
