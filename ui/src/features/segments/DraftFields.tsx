// SPDX-License-Identifier: Apache-2.0
// Name and description of a segment.
import { SimpleGrid, TextInput } from "@mantine/core";
import { t } from "@/i18n";
import type { Draft } from "./segment";

export interface DraftFieldsProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  hasName: boolean; // a name is given once
}

export function DraftFields({ draft, onChange, hasName }: DraftFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: hasName ? 2 : 1 }} mb="md">
      {hasName && (
        <TextInput label={t("segments.name")} placeholder={t("segments.nameHint")} required
                   value={draft.name} maxLength={100}
                   onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })} />
      )}
      <TextInput label={t("segments.description")} value={draft.description}
                 onChange={(event) =>
                   onChange({ ...draft, description: event.currentTarget.value })} />
    </SimpleGrid>
  );
}
