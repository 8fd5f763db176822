// SPDX-License-Identifier: Apache-2.0
// English. One file per noun, so that a change of words touches one.
import { access } from "./access";
import { audit } from "./audit";
import { catalogue } from "./catalogue";
import { common } from "./common";
import { customers } from "./customers";
import { home } from "./home";
import { jobs } from "./jobs";
import { settings } from "./settings";
import { shell } from "./shell";

export const en = { access, audit, catalogue, common, customers, home, jobs, settings, shell } as const;
