// SPDX-License-Identifier: Apache-2.0
// How visits are counted, who asks, and for which purposes.
import {
  Button, Checkbox, Group, NumberInput, Radio, Select, SimpleGrid, Stack, TagsInput, TextInput,
} from "@mantine/core";
import { Panel } from "@/components";
import { t } from "@/i18n";
import { withPurposes, type Configuration } from "./tag";

interface Props {
  draft: Configuration;
  onChange: (draft: Configuration) => void;
}

const LONGEST_DAYS = 395;
const MOST_PURPOSES = 8;

export function TagSettings({ draft, onChange }: Props) {
  const set = (change: Partial<Configuration>) => onChange({ ...draft, ...change });

  return (
    <Stack>
      <Panel title={t("tags.mode")}>
        <Stack>
          <Radio.Group aria-label={t("tags.mode")} value={draft.mode}
                       onChange={(mode) => set({ mode: mode as Configuration["mode"] })}>
            <Stack gap="xs">
              <Radio value="consent" label={t("tags.modeConsent")} />
              <Radio value="exempt" label={t("tags.modeExempt")}
                     description={t("tags.modeExemptHint")} />
            </Stack>
          </Radio.Group>
          <Radio.Group label={t("tags.choice")} value={draft.choice}
                       onChange={(choice) => set({ choice: choice as Configuration["choice"] })}>
            <Stack gap="xs" mt="xs">
              <Radio value="banner" label={t("tags.choiceBanner")} />
              <Radio value="tcf" label={t("tags.choiceTcf")} />
            </Stack>
          </Radio.Group>
        </Stack>
      </Panel>
      <Panel title={t("tags.purposes")}><Purposes draft={draft} onChange={onChange} /></Panel>
      <Panel title={t("tags.tabSettings")}><Others draft={draft} set={set} /></Panel>
    </Stack>
  );
}

function Purposes({ draft, onChange }: Props) {
  const { purposes } = draft;
  const put = (next: Configuration["purposes"]) => onChange(withPurposes(draft, next));
  const change = (index: number, part: Partial<Configuration["purposes"][number]>) =>
    put(purposes.map((one, at) => (at === index ? { ...one, ...part } : one)));

  return (
    <Stack>
      {purposes.map((purpose, index) => (
        <Group key={index} align="flex-end">
          <TextInput label={t("tags.purposeName")} value={purpose.name} maxLength={40}
                     onChange={(event) => change(index, { name: event.target.value })} />
          <TagsInput label={t("tags.tcf")} value={(purpose.tcf ?? []).map(String)} maw={280}
                     onChange={(given) => change(index, {
                       tcf: given.map(Number).filter((one) => one >= 1 && one <= 24),
                     })} />
          {purposes.length > 1 && (
            <Button variant="subtle" color="red"
                    aria-label={`${t("tags.remove")}: ${purpose.name}`}
                    onClick={() => put(purposes.filter((_, at) => at !== index))}>
              {t("tags.remove")}
            </Button>
          )}
        </Group>
      ))}
      <Group>
        <Button variant="default" disabled={purposes.length >= MOST_PURPOSES}
                onClick={() => put([...purposes, { name: `purpose_${purposes.length + 1}` }])}>
          {t("tags.addPurpose")}
        </Button>
      </Group>
    </Stack>
  );
}

function Others({ draft, set }: {
  draft: Configuration; set: (change: Partial<Configuration>) => void;
}) {
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select label={t("tags.measure")} allowDeselect={false} value={draft.measure}
                data={draft.purposes.map(({ name }) => name)}
                onChange={(measure) => set({ measure: measure ?? draft.measure })} />
        <NumberInput label={t("tags.keepDays")} min={1} max={LONGEST_DAYS} allowDecimal={false}
                     value={draft.keep_days}
                     onChange={(days) => set({ keep_days: Number(days) || 1 })} />
        <TextInput label={t("tags.policyUrl")} value={draft.policy_url ?? ""} maxLength={300}
                   onChange={(event) => set({ policy_url: event.target.value })} />
        <TextInput label={t("tags.dataLayer")} value={draft.data_layer} maxLength={40}
                   onChange={(event) => set({ data_layer: event.target.value })} />
      </SimpleGrid>
      <Checkbox label={t("tags.pageViews")} checked={draft.page_views}
                onChange={(event) => set({ page_views: event.target.checked })} />
      <Checkbox label={t("tags.rememberRefusal")} checked={draft.remember_refusal}
                description={t("tags.rememberRefusalHint")}
                onChange={(event) => set({ remember_refusal: event.target.checked })} />
    </Stack>
  );
}
