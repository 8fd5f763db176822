// SPDX-License-Identifier: Apache-2.0
// English. One file per noun, so that a change of words touches one.
import { access } from "./access";
import { attribution } from "./attribution";
import { audit } from "./audit";
import { campaigns } from "./campaigns";
import { catalogue } from "./catalogue";
import { churn } from "./churn";
import { common } from "./common";
import { consent } from "./consent";
import { coupons } from "./coupons";
import { customers } from "./customers";
import { dashboards } from "./dashboards";
import { drivers } from "./drivers";
import { experiments } from "./experiments";
import { forecast } from "./forecast";
import { home } from "./home";
import { hooks } from "./hooks";
import { identity } from "./identity";
import { imports } from "./imports";
import { jobs } from "./jobs";
import { letters } from "./letters";
import { lifetimeValue } from "./lifetimeValue";
import { mail } from "./mail";
import { metrics } from "./metrics";
import { openapi } from "./openapi";
import { personas } from "./personas";
import { reports } from "./reports";
import { retention } from "./retention";
import { rfm } from "./rfm";
import { segments } from "./segments";
import { selection } from "./selection";
import { settings } from "./settings";
import { shell } from "./shell";
import { sms } from "./sms";
import { sources } from "./sources";
import { sql } from "./sql";
import { tags } from "./tags";
import { templates } from "./templates";
import { tenure } from "./tenure";
import { uplift } from "./uplift";
import { webhook } from "./webhook";

export const en = {
  access,
  attribution,
  audit,
  campaigns,
  catalogue,
  churn,
  common,
  consent,
  coupons,
  customers,
  dashboards,
  drivers,
  experiments,
  forecast,
  home,
  hooks,
  identity,
  imports,
  jobs,
  letters,
  lifetimeValue,
  mail,
  metrics,
  openapi,
  personas,
  reports,
  retention,
  rfm,
  segments,
  selection,
  settings,
  shell,
  sms,
  sources,
  sql,
  tags,
  templates,
  tenure,
  uplift,
  webhook,
} as const;
