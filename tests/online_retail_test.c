// SPDX-License-Identifier: Apache-2.0
// The known facts of UCI Online Retail after one import: https://doi.org/10.24432/C5BW33, counted
// from the file itself with other tools.
#include "plug/import/import_testing.h"
#include "store/store_testing.h"

#include <sys/resource.h>

TEST(online_retail_is_taken_in_to_the_last_line) {
    const char *path = test_shared_data(scope, "onlineretail.csv.gz");
    struct import import;

    test_store(scope);
    import =
        test_import_file(scope, path, IMPORT_SALES, "{\"constants\": {\"currency\": \"GBP\"}}");
    CHECK_INT(import.tally.read, 541909);
    CHECK_INT(import.tally.accepted, 541909);
    CHECK_INT(import.counts.anonymous_lines, 135080);
    CHECK_STRING(
        test_lake_rows(
            scope, "SELECT count(*), sum(gross_micros), count(DISTINCT sale_id) FROM sale_line"),
        "541909|9747747934000|25900");
    CHECK_STRING(
        test_lake_rows(scope, "SELECT kind, count(*) FROM sale GROUP BY kind ORDER BY kind"),
        "adjustment|1339\nrefund|3836\nsale|20725");
    CHECK_STRING(test_lake_rows(scope, "SELECT count(*) FROM customer"), "4372");
    CHECK_STRING(test_lake_rows(scope,
                                "SELECT country, sum(gross_micros) FROM sale GROUP BY country"
                                " ORDER BY 2 DESC LIMIT 5"),
                 "United Kingdom|8187806364000\nNetherlands|284661540000\nEIRE|263276820000\n"
                 "Germany|221698210000\nFrance|197403900000");
}
