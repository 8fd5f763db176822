// SPDX-License-Identifier: Apache-2.0
// Every page: its address, who sees it, its place in the navigation, the file that shows it.
//
// To add one:
//   1. write features/<noun>/<Name>Page.tsx, which exports the page by default;
//   2. give it a row here; `label` and `icon` when it stands in the navigation, `group` when it
//      stands under another word there;
//   3. its words in i18n/en/<noun>.ts, the label in i18n/en/shell.ts.
import {
  IconAddressBook, IconArrowsRandom, IconArrowsSplit, IconArrowsSplit2, IconBuildingStore,
  IconChartHistogram, IconChartLine, IconClipboardList, IconCoins, IconDownload, IconFileImport,
  IconFilter, IconFlask, IconHistory, IconHome, IconIdBadge2, IconKey, IconLayoutDashboard,
  IconMail, IconMailCheck, IconMailbox, IconMessage2, IconMoodSmile, IconOutbound, IconPackage,
  IconRoute, IconRss, IconSend, IconSettings, IconShieldCheck, IconTags, IconTemplate,
  IconTerminal2, IconTicket, IconTrendingUp, IconUserMinus, IconUsers, IconWebhook, type Icon,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Permission } from "./api/session";
import type { Key } from "./i18n";

export type Wing = "home" | "plug" | "customersWing" | "analyze" | "push" | "govern" | "system";
export const wings: readonly Wing[] =
  ["home", "plug", "customersWing", "analyze", "push", "govern", "system"];

export interface PageRow {
  path: string;
  load: () => Promise<{ default: ComponentType }>;
  permission?: Permission; // none: everybody who is signed in
  wing?: Wing;
  label?: Key;
  icon?: Icon;
  group?: "shell.reports";
}

// Of who has not signed in.
export const openPages: readonly PageRow[] = [
  { path: "/sign-in", load: () => import("./features/access/SignInPage") },
  { path: "/welcome", load: () => import("./features/access/WelcomePage") },
];

const report = {
  wing: "analyze", permission: "read_reports", group: "shell.reports", icon: IconChartHistogram,
} as const;

export const pages: readonly PageRow[] = [
  { path: "/", wing: "home", label: "shell.home", icon: IconHome,
    load: () => import("./features/home/HomePage") },

  { path: "/plug/imports", wing: "plug", label: "shell.imports", icon: IconFileImport,
    permission: "import", load: () => import("./features/imports/ImportsPage") },
  { path: "/plug/imports/new", permission: "import",
    load: () => import("./features/imports/ImportNewPage") },
  { path: "/plug/imports/:id", permission: "import",
    load: () => import("./features/imports/ImportPage") },
  { path: "/plug/sources", wing: "plug", label: "shell.sources", icon: IconRss,
    permission: "manage_sources", load: () => import("./features/sources/SourcesPage") },
  { path: "/plug/sources/:id", permission: "manage_sources",
    load: () => import("./features/sources/SourcePage") },
  { path: "/plug/tags", wing: "plug", label: "shell.tags", icon: IconTags,
    permission: "manage_sources", load: () => import("./features/tags/TagsPage") },
  { path: "/plug/tags/:source", permission: "manage_sources",
    load: () => import("./features/tags/TagPage") },
  { path: "/plug/webhooks", wing: "plug", label: "shell.webhooks", icon: IconWebhook,
    permission: "manage_sources", load: () => import("./features/hooks/HooksPage") },
  { path: "/plug/jobs", wing: "plug", label: "shell.jobs", icon: IconClipboardList,
    permission: "read_jobs", load: () => import("./features/jobs/JobsPage") },
  { path: "/plug/jobs/:id", permission: "read_jobs",
    load: () => import("./features/jobs/JobPage") },

  { path: "/customers", wing: "customersWing", label: "shell.customers", icon: IconUsers,
    permission: "read_customers", load: () => import("./features/customers/CustomersPage") },
  { path: "/customers/:id", permission: "read_customers",
    load: () => import("./features/customers/CustomerPage") },
  { path: "/customers/:id/identity", permission: "read_customers",
    load: () => import("./features/identity/IdentityPage") },
  { path: "/identity/conflicts", wing: "customersWing", label: "shell.conflicts",
    icon: IconArrowsSplit, permission: "read_customers",
    load: () => import("./features/identity/ConflictsPage") },
  { path: "/products", wing: "customersWing", label: "shell.products", icon: IconPackage,
    permission: "read_reports", load: () => import("./features/products/ProductsPage") },
  { path: "/products/:code", permission: "read_reports",
    load: () => import("./features/products/ProductPage") },
  { path: "/stores", wing: "customersWing", label: "shell.stores", icon: IconBuildingStore,
    permission: "read_reports", load: () => import("./features/stores/StoresPage") },
  { path: "/stores/:code", permission: "read_reports",
    load: () => import("./features/stores/StorePage") },
  { path: "/staff", wing: "customersWing", label: "shell.staff", icon: IconIdBadge2,
    permission: "read_reports", load: () => import("./features/staff/StaffPage") },
  { path: "/staff/:code", permission: "read_reports",
    load: () => import("./features/staff/StaffMemberPage") },

  { path: "/analyze/dashboards", wing: "analyze", label: "shell.dashboards",
    icon: IconLayoutDashboard, permission: "read_reports",
    load: () => import("./features/dashboards/DashboardsPage") },
  { path: "/analyze/dashboards/:name", permission: "read_reports",
    load: () => import("./features/dashboards/DashboardPage") },
  { path: "/analyze/reports/sales", label: "shell.reportSales", ...report,
    load: () => import("./features/reports/SalesPage") },
  { path: "/analyze/reports/change", label: "shell.reportBridge", ...report,
    load: () => import("./features/reports/BridgePage") },
  { path: "/analyze/reports/vat", label: "shell.reportVat", ...report,
    load: () => import("./features/reports/VatPage") },
  { path: "/analyze/reports/rfm", label: "shell.reportRfm", ...report,
    load: () => import("./features/rfm/RfmPage") },
  { path: "/analyze/reports/cohorts", label: "shell.reportCohorts", ...report,
    load: () => import("./features/retention/CohortsPage") },
  { path: "/analyze/reports/retention", label: "shell.reportRetention", ...report,
    load: () => import("./features/retention/RetentionPage") },
  { path: "/analyze/reports/stores", label: "shell.reportStores", ...report,
    load: () => import("./features/reports/StoresPage") },
  { path: "/analyze/reports/cashiers", label: "shell.reportCashiers", ...report,
    load: () => import("./features/reports/CashiersPage") },
  { path: "/analyze/reports/spend", label: "shell.reportSpend", ...report,
    load: () => import("./features/reports/SpendPage") },
  { path: "/analyze/lifetime-value", wing: "analyze", label: "shell.lifetimeValue",
    icon: IconCoins, permission: "read_reports",
    load: () => import("./features/lifetime-value/LifetimeValuePage") },
  { path: "/analyze/drivers", wing: "analyze", label: "shell.drivers", icon: IconArrowsRandom,
    permission: "read_reports", load: () => import("./features/drivers/DriversPage") },
  { path: "/analyze/experiments", wing: "analyze", label: "shell.experiments", icon: IconFlask,
    permission: "read_reports", load: () => import("./features/experiments/ExperimentsPage") },
  { path: "/analyze/uplift", wing: "analyze", label: "shell.uplift", icon: IconArrowsSplit2,
    permission: "read_reports", load: () => import("./features/uplift/UpliftPage") },
  { path: "/analyze/churn", wing: "analyze", label: "shell.churn", icon: IconUserMinus,
    permission: "read_reports", load: () => import("./features/churn/ChurnPage") },
  { path: "/analyze/attribution", wing: "analyze", label: "shell.attribution", icon: IconRoute,
    permission: "read_reports", load: () => import("./features/attribution/AttributionPage") },
  { path: "/analyze/forecast", wing: "analyze", label: "shell.forecast", icon: IconTrendingUp,
    permission: "read_reports", load: () => import("./features/forecast/ForecastPage") },
  { path: "/analyze/personas", wing: "analyze", label: "shell.personas", icon: IconMoodSmile,
    permission: "read_reports", load: () => import("./features/personas/PersonasPage") },
  { path: "/analyze/metrics", wing: "analyze", label: "shell.metrics", icon: IconChartLine,
    permission: "read_reports", load: () => import("./features/metrics/MetricsPage") },
  { path: "/analyze/segments", wing: "analyze", label: "shell.segments", icon: IconFilter,
    permission: "read_segments", load: () => import("./features/segments/SegmentsPage") },
  { path: "/analyze/segments/new", permission: "change_segments",
    load: () => import("./features/segments/SegmentNewPage") },
  { path: "/analyze/segments/:name", permission: "read_segments",
    load: () => import("./features/segments/SegmentPage") },
  { path: "/analyze/sql", wing: "analyze", label: "shell.sql", icon: IconTerminal2,
    permission: "query_sql", load: () => import("./features/sql/SqlPage") },
  { path: "/analyze/exports", wing: "analyze", label: "shell.exports", icon: IconDownload,
    permission: "export", load: () => import("./features/exports/ExportsPage") },

  { path: "/push/campaigns", wing: "push", label: "shell.campaigns", icon: IconSend,
    permission: "read_reports", load: () => import("./features/campaigns/CampaignsPage") },
  { path: "/push/campaigns/new", permission: "change_campaigns",
    load: () => import("./features/campaigns/CampaignNewPage") },
  { path: "/push/campaigns/:name", permission: "read_reports",
    load: () => import("./features/campaigns/CampaignPage") },
  { path: "/push/templates", wing: "push", label: "shell.templates", icon: IconTemplate,
    permission: "read_segments", load: () => import("./features/templates/TemplatesPage") },
  { path: "/push/templates/:name", permission: "read_segments",
    load: () => import("./features/templates/TemplatePage") },
  { path: "/push/coupons", wing: "push", label: "shell.coupons", icon: IconTicket,
    permission: "read_reports", load: () => import("./features/coupons/CouponsPage") },
  { path: "/push/coupons/:name", permission: "read_reports",
    load: () => import("./features/coupons/SeriesPage") },
  { path: "/push/letters", wing: "push", label: "shell.letters", icon: IconMailbox,
    permission: "read_segments", load: () => import("./features/letters/StationeryPage") },
  { path: "/push/mail", wing: "push", label: "shell.mail", icon: IconMail,
    permission: "change_settings", load: () => import("./features/mail/MailPage") },
  { path: "/push/deliverability", wing: "push", label: "shell.deliverability",
    icon: IconMailCheck, permission: "read_jobs",
    load: () => import("./features/mail/DeliverabilityPage") },
  { path: "/push/text-messages", wing: "push", label: "shell.textMessages",
    icon: IconMessage2, permission: "change_settings",
    load: () => import("./features/sms/GatewayPage") },
  { path: "/push/webhook", wing: "push", label: "shell.webhooksOut", icon: IconOutbound,
    permission: "change_settings", load: () => import("./features/webhook/EndpointPage") },

  { path: "/govern/consent", wing: "govern", label: "shell.consent", icon: IconShieldCheck,
    permission: "read_customers", load: () => import("./features/consent/ConsentPage") },
  { path: "/govern/consent/:name", permission: "read_customers",
    load: () => import("./features/consent/PurposePage") },
  { path: "/govern/audit", wing: "govern", label: "shell.audit", icon: IconHistory,
    permission: "read_audit", load: () => import("./features/audit/AuditPage") },
  { path: "/govern/accounts", wing: "govern", label: "shell.accounts", icon: IconAddressBook,
    permission: "manage_access", load: () => import("./features/access/AccountsPage") },
  { path: "/govern/keys", wing: "govern", label: "shell.keys", icon: IconKey,
    permission: "manage_access", load: () => import("./features/access/KeysPage") },
  { path: "/settings", wing: "system", label: "shell.settings", icon: IconSettings,
    permission: "read_reports", load: () => import("./features/settings/SettingsPage") },
  { path: "/api", load: () => import("./features/openapi/ApiPage") },
  { path: "/account", load: () => import("./features/access/AccountPage") },
];
