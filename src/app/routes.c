// SPDX-License-Identifier: Apache-2.0
// Every route of the program. Nouns declare their handlers in noun_http.h.
//
// To add one:
//   1. write the handler in the noun's noun_http.c and declare it in noun_http.h;
//   2. include that header and give the route a row here, in the order of the paths; of two that
//      match the same path the first is taken, so words stand before {placeholders};
//   3. name the permission it needs: a route without one is refused to everybody;
//   4. summary: one line, as it shall stand in the API reference.
#include "analyze/metric/metric_http.h"
#include "analyze/report/report_http.h"
#include "analyze/retention/retention_http.h"
#include "analyze/rfm/rfm_http.h"
#include "analyze/segment/segment_http.h"
#include "analyze/sql/sql_http.h"
#include "app/tables.h"
#include "govern/access/access.h"
#include "govern/audit/audit_http.h"
#include "govern/operation/doctor_http.h"
#include "govern/operation/job_http.h"
#include "govern/operation/setting_http.h"
#include "host/catalogue/catalogue_http.h"
#include "host/customer/customer_http.h"
#include "host/sale/sale_http.h"
#include "plug/import/import_http.h"

// clang-format off
const struct route routes[] = {
    {METHOD_GET, "/api/v1/audit", audit_http_list, MAY_READ_AUDIT,
     "Who did what, newest first"},
    {METHOD_GET, "/api/v1/audit/verification", audit_http_verify, MAY_READ_AUDIT,
     "Is the audit log intact?"},
    {METHOD_GET, "/api/v1/customers", customer_http_search, MAY_READ_CUSTOMERS,
     "Find customers by words; without words the newest"},
    {METHOD_GET, "/api/v1/customers/{id}", customer_http_show, MAY_READ_CUSTOMERS,
     "One customer with everything that is known"},
    {METHOD_POST, "/api/v1/customers/{id}/join", customer_http_join, MAY_CHANGE_CUSTOMERS,
     "Make one customer of two"},
    {METHOD_GET, "/api/v1/customers/{id}/links", customer_http_links, MAY_READ_CUSTOMERS,
     "Why a customer's identifiers are one customer"},
    {METHOD_GET, "/api/v1/customers/{id}/timeline", customer_http_timeline, MAY_READ_CUSTOMERS,
     "Everything that happened with a customer, newest first"},
    {METHOD_GET, "/api/v1/cohorts", retention_http_cohorts, MAY_READ_REPORTS,
     "Who comes back after how many months"},
    {METHOD_GET, "/api/v1/doctor", doctor_http_examine, MAY_READ_JOBS,
     "Is everything in order?"},
    {METHOD_GET, "/api/v1/imports", import_http_list, MAY_IMPORT,
     "Imports, newest first"},
    {METHOD_POST, "/api/v1/imports", import_http_start, MAY_IMPORT,
     "Begin an import, or a dry run: a job"},
    {METHOD_POST, "/api/v1/imports/proposal", import_http_propose, MAY_IMPORT,
     "What the columns of a file mean, and its first rows"},
    {METHOD_GET, "/api/v1/imports/{id}", import_http_show, MAY_IMPORT,
     "One import with its counts"},
    {METHOD_DELETE, "/api/v1/imports/{id}/quarantine", quarantine_http_discard, MAY_IMPORT,
     "Give all waiting rows up"},
    {METHOD_GET, "/api/v1/imports/{id}/quarantine", quarantine_http_list, MAY_IMPORT,
     "Rows that could not be taken"},
    {METHOD_POST, "/api/v1/imports/{id}/quarantine/replay", quarantine_http_replay, MAY_IMPORT,
     "Try the waiting rows again"},
    {METHOD_DELETE, "/api/v1/imports/{id}/quarantine/{row}", quarantine_http_discard, MAY_IMPORT,
     "Give a waiting row up"},
    {METHOD_PUT, "/api/v1/imports/{id}/quarantine/{row}", quarantine_http_fix, MAY_IMPORT,
     "Mend a waiting row"},
    {METHOD_POST, "/api/v1/imports/{id}/undo", import_http_undo, MAY_IMPORT,
     "Take an import back: a job"},
    {METHOD_GET, "/api/v1/jobs", job_http_list, MAY_READ_JOBS,
     "Long work, newest first"},
    {METHOD_GET, "/api/v1/jobs/{id}", job_http_show, MAY_READ_JOBS,
     "One job, its result or its error"},
    {METHOD_POST, "/api/v1/jobs/{id}/cancel", job_http_cancel, MAY_CONTROL_JOBS,
     "Ask a job to stop"},
    {METHOD_GET, "/api/v1/jobs/{id}/log", job_http_log, MAY_READ_JOBS,
     "What a job noted on its way"},
    {METHOD_POST, "/api/v1/jobs/{id}/resume", job_http_resume, MAY_CONTROL_JOBS,
     "Go on with a job that was interrupted, cancelled or failed"},
    {METHOD_POST, "/api/v1/links/{id}/undo", customer_http_undo_link, MAY_CHANGE_CUSTOMERS,
     "Undo one link between identifiers"},
    {METHOD_GET, "/api/v1/mappings", mapping_http_list, MAY_IMPORT,
     "Mappings that were kept"},
    {METHOD_DELETE, "/api/v1/mappings/{name}", mapping_http_delete, MAY_IMPORT,
     "Forget a mapping"},
    {METHOD_GET, "/api/v1/mappings/{name}", mapping_http_show, MAY_IMPORT,
     "One mapping"},
    {METHOD_PUT, "/api/v1/mappings/{name}", mapping_http_put, MAY_IMPORT,
     "Keep a mapping under a name"},
    {METHOD_GET, "/api/v1/products", product_http_list, MAY_READ_REPORTS,
     "Products, by code"},
    {METHOD_GET, "/api/v1/products/{code}", product_http_show, MAY_READ_REPORTS,
     "One product"},
    {METHOD_GET, "/api/v1/sales/{id}", sale_http_show, MAY_READ_CUSTOMERS,
     "One receipt with its lines and refunds"},
    {METHOD_GET, "/api/v1/metrics", metric_http_list, MAY_READ_REPORTS,
     "All metrics, dimensions and filters"},
    {METHOD_GET, "/api/v1/metrics/{name}", metric_http_find, MAY_READ_REPORTS,
     "How a metric is defined"},
    {METHOD_GET, "/api/v1/metrics/{names}/values", metric_http_values, MAY_READ_REPORTS,
     "Metrics by dimensions over a selection"},
    {METHOD_GET, "/api/v1/reports/cashiers", report_http_cashiers, MAY_READ_REPORTS,
     "League of the cashiers"},
    {METHOD_GET, "/api/v1/reports/histogram", report_http_histogram, MAY_READ_REPORTS,
     "How many customers spend how much"},
    {METHOD_GET, "/api/v1/reports/overview", report_http_overview, MAY_READ_REPORTS,
     "The business on one page"},
    {METHOD_GET, "/api/v1/reports/pareto", report_http_pareto, MAY_READ_REPORTS,
     "What part of revenue the best customers bring"},
    {METHOD_GET, "/api/v1/reports/sales", report_http_sales, MAY_READ_REPORTS,
     "Revenue, VAT, receipts and customers by period"},
    {METHOD_GET, "/api/v1/reports/stores", report_http_stores, MAY_READ_REPORTS,
     "League of the stores"},
    {METHOD_GET, "/api/v1/reports/vat", report_http_vat, MAY_READ_REPORTS,
     "VAT collected by rate and period, to the cent"},
    {METHOD_GET, "/api/v1/rfm", rfm_http_summary, MAY_READ_REPORTS,
     "Customers by recency, frequency and monetary value"},
    {METHOD_GET, "/api/v1/rfm/customers", rfm_http_customers, MAY_READ_CUSTOMERS,
     "Every customer with their RFM scores and group"},
    {METHOD_GET, "/api/v1/segments", segment_http_list, MAY_READ_SEGMENTS,
     "Segments with their sizes"},
    {METHOD_POST, "/api/v1/segments", segment_http_create, MAY_CHANGE_SEGMENTS,
     "Keep a group of customers under a name"},
    {METHOD_POST, "/api/v1/segments/count", segment_http_count_tree, MAY_READ_SEGMENTS,
     "Count the customers of conditions; nothing is kept"},
    {METHOD_GET, "/api/v1/segments/fields", segment_http_fields, MAY_READ_SEGMENTS,
     "What conditions can speak of"},
    {METHOD_DELETE, "/api/v1/segments/{name}", segment_http_delete, MAY_CHANGE_SEGMENTS,
     "Forget a segment"},
    {METHOD_GET, "/api/v1/segments/{name}", segment_http_show, MAY_READ_SEGMENTS,
     "One segment in words, its SQL and its history"},
    {METHOD_PUT, "/api/v1/segments/{name}", segment_http_update, MAY_CHANGE_SEGMENTS,
     "Change a segment"},
    {METHOD_GET, "/api/v1/segments/{name}/count", segment_http_count, MAY_READ_SEGMENTS,
     "Count a segment's customers now; nothing is kept"},
    {METHOD_POST, "/api/v1/segments/{name}/export", segment_http_export, MAY_EXPORT,
     "Write a segment's members to a file"},
    {METHOD_GET, "/api/v1/segments/{name}/history", segment_http_history, MAY_READ_SEGMENTS,
     "Sizes of a segment over time"},
    {METHOD_GET, "/api/v1/segments/{name}/members", segment_http_members, MAY_READ_CUSTOMERS,
     "Who is in a segment, since when and why"},
    {METHOD_POST, "/api/v1/segments/{name}/refresh", segment_http_refresh, MAY_CHANGE_SEGMENTS,
     "Evaluate a segment: a job"},
    {METHOD_GET, "/api/v1/settings", setting_http_list, MAY_READ_REPORTS,
     "The settings of the store"},
    {METHOD_PUT, "/api/v1/settings/{name}", setting_http_set, MAY_CHANGE_SETTINGS,
     "Change a setting"},
    {METHOD_POST, "/api/v1/sql", sql_http_query, MAY_QUERY_SQL,
     "Ask the lake in SQL"},
    {METHOD_GET, "/api/v1/staff", staff_http_list, MAY_READ_REPORTS,
     "Staff, by code"},
    {METHOD_GET, "/api/v1/staff/{code}", staff_http_show, MAY_READ_REPORTS,
     "One member of staff"},
    {METHOD_GET, "/api/v1/stores", store_http_list, MAY_READ_REPORTS,
     "Stores, by code"},
    {METHOD_GET, "/api/v1/stores/{code}", store_http_show, MAY_READ_REPORTS,
     "One store"},
};
// clang-format on
const size_t route_count = sizeof(routes) / sizeof(*routes);
