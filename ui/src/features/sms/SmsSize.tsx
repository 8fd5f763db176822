// SPDX-License-Identifier: Apache-2.0
// How many parts a text message takes, counted by the server after a pause in typing, and the
// character that makes it dearer.
import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useApi } from "@/api/queries";
import { t } from "@/i18n";

interface Size {
  alphabet: string;
  units: number;
  parts: number;
  left: number;
  culprit: string;
}

const MOST_CHARACTERS = 3000; // in an address; ten parts have half of it

export function SmsSize({ text }: { text: string }) {
  const [settled] = useDebouncedValue(text, 300);
  const isShort = settled !== "" && settled.length <= MOST_CHARACTERS;
  const { data: size } = useApi<Size>("/api/v1/sms/size", { text: settled }, {
    enabled: isShort, staleTime: Infinity,
  });

  if (text === "") return null;
  if (text.length > MOST_CHARACTERS) return <Text size="sm" c="red">{t("sms.tooLong")}</Text>;
  return (
    <Text size="sm" c="dimmed" role="status">
      {size && t("sms.size", { count: size.parts, units: size.units, left: size.left })}
      {size && size.culprit !== "" && ` ${t("sms.culprit", { character: size.culprit })}`}
    </Text>
  );
}
