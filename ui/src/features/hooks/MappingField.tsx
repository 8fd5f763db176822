// SPDX-License-Identifier: Apache-2.0
// A mapping as JSON, which the server checks in full when it is sent.
import { Textarea } from "@mantine/core";
import { t } from "@/i18n";
import { parsed } from "./hook";

export function MappingField(props: { value: string; onChange: (value: string) => void }) {
  const isBad = props.value.trim() !== "" && parsed(props.value) === undefined;

  return (
    <Textarea label={t("hooks.mapping")} description={t("hooks.mappingAdvice")} required autosize
              minRows={8} maxRows={16} spellCheck={false} value={props.value}
              styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
              error={isBad ? t("hooks.mappingBad") : undefined}
              onChange={(event) => props.onChange(event.target.value)} />
  );
}
