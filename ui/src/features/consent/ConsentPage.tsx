// SPDX-License-Identifier: Apache-2.0
// What customers are asked for, how far confirming it is, and addresses that are not written to
// any more.
import {
  Anchor, Badge, Button, Group, Modal, Stack, Tabs, Text, TextInput,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconShieldCheck } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useNavigate } from "react-router-dom";
import { useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, EmptyState, LoadingTable, Page, PageHeader, Panel, useAddressState,
} from "@/components";
import { t } from "@/i18n";
import { Confirmations } from "./Confirmations";
import { addressOf, basisWord, channelWord, PURPOSES_PATH, type Purpose } from "./consent";
import { Suppressions } from "./Suppressions";

export default function ConsentPage() {
  const [tab, setTab] = useAddressState("tab", "purposes");

  return (
    <Page>
      <PageHeader title={t("shell.consent")} sentence={t("consent.sentence")} />
      <Tabs value={tab} onChange={(value) => setTab(value ?? "purposes")} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="purposes">{t("consent.purposes")}</Tabs.Tab>
          <Tabs.Tab value="confirmations">{t("consent.confirmations")}</Tabs.Tab>
          <Tabs.Tab value="suppressed">{t("consent.suppressed")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="purposes"><Purposes /></Tabs.Panel>
        <Tabs.Panel value="confirmations"><Confirmations /></Tabs.Panel>
        <Tabs.Panel value="suppressed"><Suppressions /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Purposes() {
  const purposes = useApi<{ purposes: Purpose[] }>(PURPOSES_PATH);
  const [isAdding, adding] = useDisclosure();
  const add = useMay()("change_settings") && (
    <Button leftSection={<IconPlus size={16} />} onClick={adding.open}>
      {t("consent.addPurpose")}
    </Button>
  );

  return (
    <Panel title={t("consent.purposes")} sentence={t("consent.purposesHint")} aside={add}>
      <Answer of={purposes} loading={<LoadingTable rows={6} />}>
        {({ purposes: all }) => all.length === 0
          ? <EmptyState icon={IconShieldCheck} title={t("consent.none")}
                        sentence={t("consent.noneHint")} />
          : (
            <Stack gap="md">
              {all.map((purpose) => <Row key={purpose.name} purpose={purpose} />)}
            </Stack>
          )}
      </Answer>
      <Modal opened={isAdding} onClose={adding.close} title={t("consent.addPurpose")}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        <NewPurpose onClose={adding.close} />
      </Modal>
    </Panel>
  );
}

function Row({ purpose: { name, version, definition } }: { purpose: Purpose }) {
  const words = definition.languages.en ?? Object.values(definition.languages)[0];

  return (
    <div>
      <Group gap="xs">
        <Anchor component={Link} to={addressOf(name)} fw={600}>{name}</Anchor>
        <Text size="sm">{words?.title}</Text>
        <Text size="sm" c="dimmed">{t("consent.version", { version })}</Text>
        {definition.is_marketing && (
          <Badge variant="default" tt="none" fw={500}>{t("consent.marketing")}</Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {Object.entries(definition.channels).map(([channel, { basis, double_opt_in: isDouble }]) =>
          `${channelWord(channel)}: ${basisWord(basis)}`
          + (isDouble ? ` ${t("consent.confirmed")}` : "")).join(" · ")}
      </Text>
    </div>
  );
}

// Nothing is kept until its definition is saved.
function NewPurpose({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const navigate = useNavigate();
  const isSound = /^[a-z][a-z0-9_]{0,39}$/.test(name);

  return (
    <form onSubmit={(event) => {
      event.preventDefault();
      void navigate(`${addressOf(name)}?new=yes`);
    }}>
      <Stack>
        <TextInput label={t("consent.name")} description={t("consent.nameHint")} value={name}
                   required data-autofocus
                   error={name !== "" && !isSound && t("consent.nameBad")}
                   onChange={(event) => setName(event.currentTarget.value.trim())} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" disabled={!isSound}>{t("consent.begin")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
