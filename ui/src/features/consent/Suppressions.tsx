// SPDX-License-Identifier: Apache-2.0
// The suppression list: how many addresses stand on it and why; more, typed or out of a file; one
// taken off again. Nobody can read the addresses on it, nor can this page.
import { Alert, Button, FileButton, Group, NativeSelect, Stack, Text, Textarea, TextInput }
  from "@mantine/core";
import { IconMailOff, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useAction, useTable } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, FailureNote, LoadingTable, Panel,
} from "@/components";
import { t } from "@/i18n";
import { ADDRESSED, channelWord, suppressedWord, SUPPRESSIONS_PATH } from "./consent";

const REASONS = ["imported", "unsubscribed", "bounced", "complained"];

export function Suppressions() {
  const counts = useTable(SUPPRESSIONS_PATH);
  const may = useMay()("change_customers");

  return (
    <Stack gap="lg">
      <Panel title={t("consent.suppressed")} sentence={t("consent.suppressedHint")}>
        <Answer of={counts} loading={<LoadingTable rows={3} />}>
          {(table) => table.rows.length === 0
            ? <EmptyState icon={IconMailOff} title={t("consent.suppressedNone")}
                          sentence={t("consent.suppressedNoneHint")} />
            : (
              <DataTable table={table} name={t("consent.suppressed")} columns={{
                channel: { render: (value) => channelWord(String(value)) },
                reason: { render: (value) => suppressedWord(String(value)) },
              }} />
            )}
        </Answer>
      </Panel>
      {may && <Add />}
      {may && <Lift />}
    </Stack>
  );
}

interface ChannelProps {
  value: string;
  onChange: (channel: string) => void;
}

function ChannelChoice({ value, onChange }: ChannelProps) {
  return (
    <NativeSelect label={t("consent.channel")} value={value}
                  data={ADDRESSED.map((each) => ({ value: each, label: channelWord(each) }))}
                  onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

interface Added {
  added: number;
  already: number;
  unreadable: number;
}

function Add() {
  const [channel, setChannel] = useState<string>("email");
  const [reason, setReason] = useState("imported");
  const [addresses, setAddresses] = useState("");
  const count = addresses.split("\n").filter((line) => line.trim() !== "").length;
  const add = useAction<undefined, Added>(
    () => ({ method: "POST", path: SUPPRESSIONS_PATH, body: { channel, addresses, reason } }),
    { stale: [SUPPRESSIONS_PATH], onDone: () => setAddresses("") });

  return (
    <Panel title={t("consent.addAddresses")} sentence={t("consent.addAddressesHint")}>
      <form onSubmit={(event) => { event.preventDefault(); add.mutate(undefined); }}>
        <Stack gap="sm">
          <Group gap="sm">
            <ChannelChoice value={channel} onChange={setChannel} />
            <NativeSelect label={t("consent.reason")} value={reason}
                          data={REASONS.map((each) =>
                            ({ value: each, label: suppressedWord(each) }))}
                          onChange={(event) => setReason(event.currentTarget.value)} />
          </Group>
          <Textarea label={t("consent.addresses")} description={t("consent.addressesHint")}
                    value={addresses} autosize minRows={3} maxRows={10} spellCheck={false}
                    onChange={(event) => setAddresses(event.currentTarget.value)} />
          <FailureNote error={add.error} />
          {add.data && (
            <Alert color="tile" variant="light" role="status">
              {t("consent.addedCounts", { ...add.data })}
            </Alert>
          )}
          <Group gap="xs">
            <Button type="submit" loading={add.isPending} disabled={count === 0}>
              {t("consent.suppress", { count })}
            </Button>
            <FileButton accept="text/plain,text/csv,.txt,.csv"
                        onChange={(file) => void file?.text().then(setAddresses)}>
              {(props) => (
                <Button {...props} variant="default" leftSection={<IconUpload size={16} />}>
                  {t("consent.fromFile")}
                </Button>
              )}
            </FileButton>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

function Lift() {
  const [channel, setChannel] = useState<string>("email");
  const [address, setAddress] = useState("");
  const lift = useAction<undefined, { lifted: number }>(
    () => ({ method: "POST", path: `${SUPPRESSIONS_PATH}/lift`, body: { channel, address } }),
    { stale: [SUPPRESSIONS_PATH] });

  return (
    <Panel title={t("consent.lift")} sentence={t("consent.liftHint")}>
      <form onSubmit={(event) => { event.preventDefault(); lift.mutate(undefined); }}>
        <Stack gap="sm">
          <Group gap="sm" align="flex-end">
            <ChannelChoice value={channel} onChange={setChannel} />
            <TextInput label={t("consent.address")} value={address} autoComplete="off"
                       style={{ flex: "1 1 14rem" }}
                       onChange={(event) => setAddress(event.currentTarget.value)} />
            <Button type="submit" variant="default" loading={lift.isPending}
                    disabled={address.trim() === ""}>
              {t("consent.doLift")}
            </Button>
          </Group>
          <FailureNote error={lift.error} />
          {lift.data && (
            <Text size="sm" role="status">
              {t(lift.data.lifted > 0 ? "consent.lifted" : "consent.wasNotOnIt")}
            </Text>
          )}
        </Stack>
      </form>
    </Panel>
  );
}
