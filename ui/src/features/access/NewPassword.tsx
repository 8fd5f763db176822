// SPDX-License-Identifier: Apache-2.0
// The field for a new password, with how strong it looks. The server decides what it takes; here
// stands what can be said while typing.
import { Group, PasswordInput, Progress, Text } from "@mantine/core";
import { t } from "@/i18n";
import { strengthOf } from "./strength";

const LOOKS = {
  short: { value: 10, color: "gray", word: "access.short" },
  nameInside: { value: 20, color: "orange", word: "access.nameInside" },
  weak: { value: 35, color: "orange", word: "access.weak" },
  fair: { value: 65, color: "blue", word: "access.fair" },
  strong: { value: 100, color: "tile", word: "access.strong" },
} as const;

export interface NewPasswordProps {
  value: string;
  onChange: (value: string) => void;
  accountName: string;
  label?: string;
  error?: string | undefined;
}

export function NewPassword({ value, onChange, accountName, label, error }: NewPasswordProps) {
  const look = LOOKS[strengthOf(value, accountName)];

  return (
    <div>
      <PasswordInput label={label ?? t("access.newPassword")} value={value} required
                     autoComplete="new-password" error={error}
                     description={t("access.passwordAdvice")}
                     onChange={(event) => onChange(event.target.value)} />
      {value !== "" && (
        <Group gap="xs" mt={6} wrap="nowrap">
          <Progress value={look.value} color={look.color} size="sm" flex={1} aria-hidden />
          <Text size="xs" c="dimmed" aria-live="polite">{t(look.word)}</Text>
        </Group>
      )}
    </div>
  );
}
