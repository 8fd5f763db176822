// SPDX-License-Identifier: Apache-2.0
// A segment's members as a file: made by the server, entered in the audit log, then fetched.
import { Anchor, Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { useMay } from "@/api/session";
import { FailureNote } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { segmentPath } from "./segment";

const FORMATS = ["csv", "jsonl", "parquet"] as const;
export const EXPORTS_PATH = "/api/v1/exports";

interface Exported {
  file: { id: string; name: string; bytes: number };
  customers: number;
}

export function exportAddress(id: string): string {
  return `${EXPORTS_PATH}/${encodeURIComponent(id)}`;
}

export function Exporting({ name, isDirty }: { name: string; isDirty: boolean }) {
  const [isOpen, { open, close }] = useDisclosure();

  if (!useMay()("export")) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconDownload size={16} />} onClick={open}
              disabled={isDirty} title={isDirty ? t("segments.saveFirst") : ""}>
        {t("segments.export")}
      </Button>
      <Modal opened={isOpen} onClose={close} title={t("segments.exportTitle", { name })}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        <ExportForm name={name} onClose={close} />
      </Modal>
    </>
  );
}

function ExportForm({ name, onClose }: { name: string; onClose: () => void }) {
  const [format, setFormat] = useState<string>("csv");
  const may = useMay();
  const make = useAction<string, Exported>(
    (wanted) => ({ method: "POST", path: `${segmentPath(name)}/export`, body: { format: wanted } }),
    { stale: [EXPORTS_PATH, "/api/v1/audit"], onDone: ({ file }) => fetchFile(file.id) },
  );

  if (make.data) return <Made exported={make.data} onClose={onClose} />;
  return (
    <Stack>
      <Radio.Group label={t("segments.exportFormat")} value={format} onChange={setFormat}>
        <Stack gap="xs" mt="xs">
          {FORMATS.map((each) => (
            <Radio key={each} value={each} label={t(`segments.format_${each}`)}
                   description={t(`segments.format_${each}_hint`)} />
          ))}
        </Stack>
      </Radio.Group>
      <Text size="sm" c="dimmed">
        {t(may("unmask_identifiers") ? "segments.exportContacts" : "segments.exportWithout")}
      </Text>
      <FailureNote error={make.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
        <Button loading={make.isPending} onClick={() => make.mutate(format)}>
          {t("segments.exportMake")}
        </Button>
      </Group>
    </Stack>
  );
}

function fetchFile(id: string): void {
  const link = document.createElement("a");

  link.href = exportAddress(id);
  link.download = "";
  link.click();
}

function Made({ exported, onClose }: { exported: Exported; onClose: () => void }) {
  const format = useFormat();
  const { file, customers } = exported;

  return (
    <Stack>
      <Text>
        {t("segments.exported", { count: customers, bytes: format.bytes(file.bytes) })}
      </Text>
      <Anchor href={exportAddress(file.id)} download>{file.name}</Anchor>
      <Text size="sm" c="dimmed">{t("segments.exportedHint")}</Text>
      <Group justify="flex-end"><Button onClick={onClose}>{t("common.close")}</Button></Group>
    </Stack>
  );
}
