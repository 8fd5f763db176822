// SPDX-License-Identifier: Apache-2.0
// English. One file per noun, so that a change of words touches one.
import { access } from "./access";
import { common } from "./common";
import { home } from "./home";
import { jobs } from "./jobs";
import { shell } from "./shell";

export const en = { access, common, home, jobs, shell } as const;
