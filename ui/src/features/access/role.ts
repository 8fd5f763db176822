// SPDX-License-Identifier: Apache-2.0
// Roles and permissions in words. What a role may do is the server's table (govern/access/role.c).
import type { Permission } from "@/api/session";
import { t } from "@/i18n";

export const roles = [
  "administrator", "marketer", "agent", "analyst", "data_protection_officer",
] as const;
export type Role = (typeof roles)[number];

function isRole(name: string): name is Role {
  return (roles as readonly string[]).includes(name);
}

export function roleName(name: string): string {
  return isRole(name) ? t(`access.${name}`) : name;
}

export function roleMeaning(name: Role): string {
  return t(`access.${name}_meaning`);
}

export function roleChoices() {
  return roles.map((value) => ({ value, label: roleName(value) }));
}

// What a key can be given: everything that is about data, nothing that is about people's accounts.
export const keyPermissions: readonly Permission[] = [
  "import", "read_jobs", "control_jobs", "read_reports", "read_customers", "unmask_identifiers",
  "change_customers", "read_segments", "change_segments", "export", "query_sql", "read_audit",
  "change_settings", "read_metrics",
];
