// SPDX-License-Identifier: Apache-2.0
// What was published, and the way back to it.
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { DataTable, EmptyState, FailureNote, notify } from "@/components";
import { t } from "@/i18n";
import { TAGS_PATH, tagPath, type Tag } from "./tag";

export function Versions({ tag }: { tag: Tag }) {
  if (tag.versions.rows.length === 0)
    return <EmptyState icon={IconHistory} title={t("tags.noVersions")}
                       sentence={t("tags.noVersionsHint")} />;
  return (
    <DataTable table={tag.versions} name={t("tags.tabVersions")} hasDownload={false}
               actions={(row) => (
                 Number(row.text("version")) === tag.version
                   ? null : <Restore source={tag.source} version={Number(row.text("version"))} />
               )} />
  );
}

function Restore({ source, version }: { source: string; version: number }) {
  const [isOpen, setOpen] = useState(false);
  const restore = useAction<number, { version: number }>(
    (old) => ({ method: "POST", path: `${tagPath(source)}/restore`, body: { version: old } }),
    { stale: [tagPath(source), TAGS_PATH],
      onDone: (made) => {
        setOpen(false);
        notify(t("tags.published", { version: made.version }));
      } });

  return (
    <>
      <Button variant="subtle" size="compact-sm" onClick={() => setOpen(true)}
              aria-label={t("tags.restoreTitle", { version })}>{t("tags.restore")}</Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)}
             title={t("tags.restoreTitle", { version })}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        <Stack>
          <Text>{t("tags.restoreText")}</Text>
          <FailureNote error={restore.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setOpen(false)}>{t("common.cancel")}</Button>
            <Button loading={restore.isPending} onClick={() => restore.mutate(version)}>
              {t("tags.restore")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
