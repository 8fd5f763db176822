// SPDX-License-Identifier: Apache-2.0
#include "base/test.h"
#include "web/response.h"

TEST(a_table_states_its_columns_and_counts_its_rows) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},           {"revenue", "Revenue, gross", COLUMN_MONEY, "GBP"},
        {"rate", "VAT rate", COLUMN_RATE, NULL}, {"on", "Day", COLUMN_DAY, NULL},
        {"at", NULL, COLUMN_INSTANT, NULL},      {"share", "Share", COLUMN_SHARE, NULL},
    };
    struct response response;

    response_init(&response);
    response_begin_table(&response, NULL, columns, 6);
    response_begin_row(&response);
    response_int64(&response, COLUMN_ID, INT64_C(9007199254740993));
    response_int64(&response, COLUMN_MONEY, INT64_C(9747747934000));
    response_int64(&response, COLUMN_RATE, 1750);
    response_int64(&response, COLUMN_DAY, 14944);
    response_int64(&response, COLUMN_INSTANT, INT64_C(1291191960000000));
    response_double(&response, 0.25);
    response_end_row(&response);
    response_begin_row(&response);
    for (int i = 0; i < 6; i++)
        response_null(&response);
    response_end_row(&response);
    response_end_table(&response);
    CHECK_TEXT(
        buffer_text(&response.body),
        "{\"columns\":[{\"name\":\"id\",\"label\":\"Id\",\"type\":\"id\"},"
        "{\"name\":\"revenue\",\"label\":\"Revenue, gross\",\"type\":\"money\",\"unit\":\"GBP\"},"
        "{\"name\":\"rate\",\"label\":\"VAT rate\",\"type\":\"rate\"},"
        "{\"name\":\"on\",\"label\":\"Day\",\"type\":\"day\"},"
        "{\"name\":\"at\",\"label\":\"at\",\"type\":\"instant\"},"
        "{\"name\":\"share\",\"label\":\"Share\",\"type\":\"share\"}],"
        "\"rows\":[[\"9007199254740993\",9747747.934,17.5,\"2010-12-01\","
        "\"2010-12-01T08:26:00Z\",0.25],[null,null,null,null,null,null]],\"row_count\":2}");
    response_clear(&response);
}

TEST(a_day_or_an_instant_out_of_the_calendar_stays_a_number) {
    struct response response;

    response_init(&response);
    json_begin_array(&response.writer);
    response_int64(&response, COLUMN_DAY, INT64_MAX);
    response_int64(&response, COLUMN_INSTANT, INT64_MIN);
    json_end_array(&response.writer);
    CHECK_TEXT(buffer_text(&response.body), "[9223372036854775807,-9223372036854775808]");
    response_clear(&response);
}
