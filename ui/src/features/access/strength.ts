// SPDX-License-Identifier: Apache-2.0
// How hard a password looks to guess. A hint: what is taken is decided by the server
// (govern/access/password.h).

const LEAST_CHARACTERS = 8;

export type Strength = "short" | "nameInside" | "weak" | "fair" | "strong";

// How hard it is to guess: its length, less what repeats and what is the account's name. Different
// characters count more than kinds of them.
export function strengthOf(password: string, accountName: string): Strength {
  const length = [...password].length;
  const different = new Set(password.toLowerCase()).size;

  if (length < LEAST_CHARACTERS) return "short";
  if (accountName.length >= 3 && password.toLowerCase().includes(accountName.toLowerCase())
      && length < accountName.length + LEAST_CHARACTERS) return "nameInside";
  if (different < 6) return "weak";
  if (length >= 16 || (length >= 12 && different >= 9)) return "strong";
  return length >= 10 ? "fair" : "weak";
}
