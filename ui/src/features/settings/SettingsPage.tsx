// SPDX-License-Identifier: Apache-2.0
// The settings of the business, one by one, and whether everything is in order.
import { Autocomplete, Button, Group, Stack, TextInput } from "@mantine/core";
import { IconStethoscope } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import type { Table } from "@/api/client";
import { useAction, useApi, useTable } from "@/api/queries";
import { SESSION_PATH, useMay } from "@/api/session";
import {
  Answer, DataTable, LoadingLines, LoadingTable, Page, PageHeader, Panel, StateBadge,
} from "@/components";
import { sentence } from "@/components/failure";
import { t } from "@/i18n";

const SETTINGS = "/api/v1/settings";

interface Setting {
  name: string;
  value: string;
  meaning: string;
}

export default function SettingsPage() {
  const may = useMay();
  const settings = useTable(SETTINGS);

  return (
    <Page width="narrow">
      <PageHeader title={t("shell.settings")} sentence={t("settings.sentence")} />
      <Panel title={t("settings.business")}>
        <Answer of={settings} loading={<LoadingLines />}>
          {(table) => (
            <Stack>
              {settingsOf(table).map((each) => <SettingField key={each.name} setting={each} />)}
            </Stack>
          )}
        </Answer>
      </Panel>
      {may("read_jobs") && <Health />}
    </Page>
  );
}

function settingsOf(table: Table): Setting[] {
  return table.rows.map(([name, value, meaning]) =>
    ({ name: String(name), value: String(value ?? ""), meaning: String(meaning ?? "") }));
}

const LABELS = {
  zone: "settings.zone", currency: "settings.currency", country: "settings.country",
  require_second_factor: "settings.require_second_factor",
  quiet_hours: "settings.quiet_hours", contact_cap: "settings.contact_cap",
  campaign_approval: "settings.campaign_approval",
  quarantine_days: "settings.quarantine_days",
  webhook_memory_days: "settings.webhook_memory_days",
} as const;

function choicesOf(name: string): string[] {
  if (name === "zone") return Intl.supportedValuesOf("timeZone");
  if (name === "currency") return Intl.supportedValuesOf("currency");
  if (name === "require_second_factor") return ["remote", "always", "never"];
  if (name === "campaign_approval") return ["marketers", "always", "never"];
  return [];
}

function SettingField({ setting }: { setting: Setting }) {
  const may = useMay();
  const [value, setValue] = useState(setting.value);
  const save = useAction<string>(
    (wanted) => ({ method: "PUT", path: `${SETTINGS}/${setting.name}`, body: { value: wanted } }),
    { stale: [SETTINGS, SESSION_PATH, "/api/v1/reports", "/api/v1/metrics"] },
  );
  const label = LABELS[setting.name as keyof typeof LABELS];
  const choices = choicesOf(setting.name);
  const isChanged = value !== setting.value;
  const problem = save.error
    && [save.error.message, save.error.hint ?? ""].map(sentence).join(" ").trim();
  const field = {
    label: label ? t(label) : setting.name, description: sentence(setting.meaning), value,
    readOnly: !may("change_settings"), error: problem, flex: 1,
  };

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(value.trim());
  }

  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        {choices.length > 0
          ? <Autocomplete {...field} data={choices} limit={60} onChange={setValue} />
          : <TextInput {...field} onChange={(event) => setValue(event.target.value)} />}
        {isChanged && (
          <Button type="submit" loading={save.isPending}>{t("common.save")}</Button>
        )}
      </Group>
    </form>
  );
}

// Looks at everything, which can take a while in a large store: only when asked to.
function Health() {
  const [isWanted, setIsWanted] = useState(false);
  const health = useApi<{ checks: Table }>("/api/v1/doctor", {}, {
    enabled: isWanted, staleTime: 0,
  });

  return (
    <Panel title={t("settings.health")} sentence={t("settings.healthSentence")}
           aside={<Button variant="default" leftSection={<IconStethoscope size={18} />}
                          loading={health.isFetching}
                          onClick={() => (isWanted ? health.refetch() : setIsWanted(true))}>
             {t("settings.examine")}
           </Button>}>
      {isWanted && (
        <Answer of={health} loading={<LoadingTable />}>
          {({ checks }) => (
            <DataTable table={checks} name={t("settings.health")} columns={{
              state: { render: (value) => <CheckBadge state={String(value)} /> },
            }} />
          )}
        </Answer>
      )}
    </Panel>
  );
}

function CheckBadge({ state }: { state: string }) {
  const look = { ok: "active", warn: "interrupted", fail: "failed" }[state] ?? "done";
  return <StateBadge state={look}>{state}</StateBadge>;
}
