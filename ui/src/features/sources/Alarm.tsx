// SPDX-License-Identifier: Apache-2.0
// When the silence of a source is an alarm: never, after a time that people set, or after one that
// is learnt from its own rhythm.
import { Button, Group, Modal, NumberInput, Radio, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { FailureNote } from "@/components";
import { t } from "@/i18n";
import { SILENCE_LEARNT, SOURCES_PATH, sourcePath, type Source } from "./source";

type Way = "never" | "after" | "learnt";

export function Alarm({ source }: { source: Source }) {
  const [isOpen, { open, close }] = useDisclosure();

  return (
    <>
      <Button variant="default" onClick={open}>{t("sources.alarm")}</Button>
      <Modal opened={isOpen} onClose={close} title={t("sources.alarmTitle")}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        <Choice source={source} onDone={close} />
      </Modal>
    </>
  );
}

function wayOf(silence_s: number): Way {
  return silence_s === SILENCE_LEARNT ? "learnt" : silence_s > 0 ? "after" : "never";
}

function Choice({ source, onDone }: { source: Source; onDone: () => void }) {
  const [way, setWay] = useState<Way>(wayOf(source.silence_s));
  const [minutes, setMinutes] = useState<number | string>(
    source.silence_s > 0 ? Math.round(source.silence_s / 60) : 60);
  const change = useAction<number>(
    (silence_s) => ({ method: "PATCH", path: sourcePath(source.id), body: { silence_s } }),
    { stale: [SOURCES_PATH], onDone });

  function save() {
    change.mutate(way === "never" ? 0 : way === "learnt" ? SILENCE_LEARNT : Number(minutes) * 60);
  }

  return (
    <Stack>
      <Radio.Group value={way} onChange={(next) => setWay(next as Way)}
                   label={t("sources.alarmWhen")}>
        <Stack gap="xs" mt="xs">
          <Radio value="never" label={t("sources.alarmNever")} />
          <Radio value="learnt" label={t("sources.alarmLearnt")}
                 description={t("sources.alarmLearntMeans")} />
          <Radio value="after" label={t("sources.alarmSet")} />
        </Stack>
      </Radio.Group>
      {way === "after" && (
        <NumberInput label={t("sources.silence")} value={minutes} onChange={setMinutes} min={1}
                     max={500_000} maw={260} />
      )}
      <FailureNote error={change.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>{t("common.cancel")}</Button>
        <Button loading={change.isPending} disabled={way === "after" && !(Number(minutes) > 0)}
                onClick={save}>
          {t("common.save")}
        </Button>
      </Group>
    </Stack>
  );
}
