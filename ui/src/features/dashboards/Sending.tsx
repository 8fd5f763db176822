// SPDX-License-Identifier: Apache-2.0
// A dashboard taken along: as a file now, and by e-mail every day, week or month.
import {
  ActionIcon, Button, Group, Menu, Modal, NativeSelect, NumberInput, SimpleGrid, Stack, Text,
  TextInput,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconMail, IconPlus, IconSend, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fetchFile } from "@/api/client";
import { useAction, useTable } from "@/api/queries";
import { useMay } from "@/api/session";
import { Answer, DataTable, FailureNote, LoadingTable, notify } from "@/components";
import { saveFile } from "@/components/csv";
import { t, type Key } from "@/i18n";
import {
  addressesIn, mailsPathOf, sheetPathOf, type Mail, type Rhythm, type SheetFormat,
} from "./dashboard";

export function PictureMenu({ name }: { name: string }) {
  const file = useMutation<{ name: string; blob: Blob }, Error, SheetFormat>({
    mutationFn: (format) => fetchFile(sheetPathOf(name), { format }),
    onSuccess: (made) => {
      saveFile(made.name, made.blob);
      notify(t("dashboards.pictureMade"));
    },
  });

  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={16} />}
                  loading={file.isPending}>{t("dashboards.picture")}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => file.mutate("pdf")}>{t("dashboards.pdf")}</Menu.Item>
          <Menu.Item onClick={() => file.mutate("png")}>{t("dashboards.png")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <FailureNote error={file.error} />
    </>
  );
}

export function SendingButton({ name }: { name: string }) {
  const [isOpen, { open, close }] = useDisclosure();

  if (!useMay()("export")) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconMail size={16} />} onClick={open}>
        {t("dashboards.mails")}
      </Button>
      <Modal opened={isOpen} onClose={close} size="xl"
             title={t("dashboards.mailsTitle", { name })}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">{t("dashboards.mailsHint")}</Text>
          <Mails name={name} />
          <NewMail name={name} />
        </Stack>
      </Modal>
    </>
  );
}

function Mails({ name }: { name: string }) {
  const path = mailsPathOf(name);
  const mails = useTable(path, { limit: 100 });
  const send = useAction((id: string) => ({ method: "POST", path: `${path}/${id}/send` }),
                         { stale: [path], onDone: () => notify(t("dashboards.mailStarted")) });
  const remove = useAction((id: string) => ({ method: "DELETE", path: `${path}/${id}` }),
                           { stale: [path] });

  return (
    <>
      <Answer of={mails} loading={<LoadingTable rows={2} />}>
        {(table) => table.rows.length === 0
          ? <Text size="sm">{t("dashboards.mailsNone")}</Text>
          : (
            <DataTable table={table} name={t("dashboards.mails")} maxHeight={280}
                       hasDownload={false}
                       columns={{
                         id: { isHidden: true },
                         every: { render: (every) => t(`dashboards.every_${every}` as Key) },
                         format: { render: (as) => String(as).toUpperCase() },
                       }}
                       actions={(row) => (
                         <Group gap={2} wrap="nowrap">
                           <ActionIcon variant="subtle" loading={send.isPending}
                                       aria-label={t("dashboards.mailNow")}
                                       onClick={() => send.mutate(row.text("id"))}>
                             <IconSend size={16} />
                           </ActionIcon>
                           <ActionIcon variant="subtle" color="gray" loading={remove.isPending}
                                       aria-label={t("dashboards.mailRemove")}
                                       onClick={() => remove.mutate(row.text("id"))}>
                             <IconTrash size={16} />
                           </ActionIcon>
                         </Group>
                       )} />
          )}
      </Answer>
      <FailureNote error={send.error ?? remove.error} />
    </>
  );
}

const usual: Omit<Mail, "to"> = { every: "week", day: 1, hour: 7, format: "pdf" };

function NewMail({ name }: { name: string }) {
  const [to, setTo] = useState("");
  const [mail, setMail] = useState(usual);
  const path = mailsPathOf(name);
  const add = useAction(() => ({
    method: "POST", path, body: { ...mail, to: addressesIn(to) },
  }), { stale: [path], onDone: () => {
    notify(t("dashboards.mailAdded"));
    setTo("");
  } });
  const set = (change: Partial<typeof usual>) => setMail({ ...mail, ...change });

  return (
    <>
      <TextInput label={t("dashboards.mailTo")} description={t("dashboards.mailToHint")} value={to}
                 onChange={(event) => setTo(event.currentTarget.value)} />
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
        <NativeSelect label={t("dashboards.mailEvery")} value={mail.every}
                      data={(["day", "week", "month"] as const).map((every) => (
                        { value: every, label: t(`dashboards.every_${every}`) }))}
                      onChange={(event) =>
                        set({ every: event.currentTarget.value as Rhythm, day: 1 })} />
        <Day mail={mail} onChange={(day) => set({ day })} />
        <NumberInput label={t("dashboards.mailHour")} min={0} max={23} value={mail.hour}
                     onChange={(hour) => set({ hour: Number(hour) || 0 })} />
        <NativeSelect label={t("dashboards.mailFormat")} value={mail.format}
                      data={(["pdf", "png"] as const).map((format) => (
                        { value: format, label: t(`dashboards.mailFormat_${format}`) }))}
                      onChange={(event) =>
                        set({ format: event.currentTarget.value as SheetFormat })} />
      </SimpleGrid>
      <Group>
        <Button variant="default" leftSection={<IconPlus size={16} />} loading={add.isPending}
                disabled={addressesIn(to).length === 0} onClick={() => add.mutate(undefined)}>
          {t("dashboards.mailAdd")}
        </Button>
        <FailureNote error={add.error} />
      </Group>
    </>
  );
}

interface DayProps {
  mail: Omit<Mail, "to">;
  onChange: (day: number) => void;
}

function Day({ mail, onChange }: DayProps) {
  if (mail.every === "day") return null;
  if (mail.every === "month")
    return <NumberInput label={t("dashboards.mailMonthday")} min={1} max={28} value={mail.day}
                        onChange={(day) => onChange(Number(day) || 1)} />;
  return <NativeSelect label={t("dashboards.mailWeekday")} value={String(mail.day)}
                       data={[1, 2, 3, 4, 5, 6, 7].map((day) => (
                         { value: String(day), label: t(`dashboards.weekday_${day}` as Key) }))}
                       onChange={(event) => onChange(Number(event.currentTarget.value))} />;
}
