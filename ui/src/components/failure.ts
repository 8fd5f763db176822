// SPDX-License-Identifier: Apache-2.0
// A failure in words: the server's sentence, made one for people, and what to do.
import { ApiError } from "@/api/client";
import { t } from "@/i18n";

export interface FailureWords {
  title: string;
  message: string; // empty when the title says it all
  hint: string;
}

// "unknown command" → "Unknown command."
export function sentence(text: string): string {
  const trimmed = text.trim();
  const first = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return trimmed === "" || /[.!?…]$/.test(first) ? first : `${first}.`;
}

export function failureWords(error: unknown, otherwise: string): FailureWords {
  if (!(error instanceof ApiError))
    return { title: otherwise, message: error instanceof Error ? error.message : "", hint: "" };
  const message = [error.message, error.detail ?? ""].map(sentence).filter(Boolean).join(" ");

  switch (error.code) {
    case "unreachable":
      return { title: t("common.unreachable"), message: "", hint: t("common.unreachableHint") };
    case "answer_lost":
      return { title: t("common.answerLost"), message, hint: t("common.answerLostHint") };
    case "not_found":
      return {
        title: t("common.notFound"), message,
        hint: sentence(error.hint ?? t("common.notFoundHint")),
      };
    case "forbidden":
      return {
        title: t("common.notAllowed"), message,
        hint: sentence(error.hint ?? t("common.notAllowedHint")),
      };
    default:
      return { title: otherwise, message, hint: sentence(error.hint ?? "") };
  }
}
