// SPDX-License-Identifier: Apache-2.0
// The documents of /api/v1/mail.
import type { Table } from "@/api/client";

export const MAIL_PATH = "/api/v1/mail";
export const KEYS_PATH = "/api/v1/mail/keys";
export const keyPath = (selector: string) => `${KEYS_PATH}/${encodeURIComponent(selector)}`;

export interface MailSetup {
  host: string;
  port: number;
  tls: string;
  user: string;
  helo: string;
  connections: number;
  per_domain: number;
  from_name: string;
  from_address: string;
  reply_to: string;
  return_host: string;
  list_id: string;
  feedback_id: string;
  warm_up_per_day: number;
}

export interface Mail extends MailSetup {
  has_password: boolean;
  keys: Table;
}

/** The fields of the set-up alone: what the server takes back. */
export function setupOf(mail: Mail): MailSetup {
  const { keys, has_password: hasPassword, ...setup } = mail;

  void keys;
  void hasPassword;
  return setup;
}
