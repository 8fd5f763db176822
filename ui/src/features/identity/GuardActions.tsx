// SPDX-License-Identifier: Apache-2.0
// What a person does about an identifier: block it, or release it. Both ask why.
import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { useMay } from "@/api/session";
import { FailureNote, notify } from "@/components";
import { t } from "@/i18n";
import { STALE } from "./identity";

interface GuardActionsProps {
  identifier: string;
  words: string; // "Telephone +44…456"
  guard: string; // "", tripped, blocked, released
}

export function GuardActions({ identifier, words, guard }: GuardActionsProps) {
  const may = useMay();
  const [deed, setDeed] = useState<"block" | "release">();

  if (!may("change_customers")) return null;
  return (
    <Group gap={6} wrap="nowrap">
      {guard !== "blocked" && (
        <Button size="compact-xs" variant="default" onClick={() => setDeed("block")}
                aria-label={`${t("identity.block")}: ${words}`}>
          {t("identity.block")}
        </Button>
      )}
      {(guard === "tripped" || guard === "blocked") && (
        <Button size="compact-xs" variant="default" onClick={() => setDeed("release")}
                aria-label={`${t("identity.release")}: ${words}`}>
          {t("identity.release")}
        </Button>
      )}
      <Modal opened={deed !== undefined} onClose={() => setDeed(undefined)}
             title={t(deed === "release" ? "identity.releaseTitle" : "identity.blockTitle")}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        {deed && <Form identifier={identifier} words={words} deed={deed}
                       onDone={() => setDeed(undefined)} />}
      </Modal>
    </Group>
  );
}

interface FormProps {
  identifier: string;
  words: string;
  deed: "block" | "release";
  onDone: () => void;
}

function Form({ identifier, words, deed, onDone }: FormProps) {
  const [why, setWhy] = useState("");
  const put = useAction<void, { links_undone?: number }>(
    () => ({ method: "POST", path: `/api/v1/identifiers/${identifier}/${deed}`, body: { why } }),
    {
      stale: STALE,
      onDone: ({ links_undone: count }) => {
        onDone();
        notify(deed === "block" ? t("identity.blockedDone", { count: count ?? 0 })
                                : t("identity.releasedDone"));
      },
    },
  );

  return (
    <Stack>
      <Text size="sm">{t(`identity.${deed}Sentence`, { identifier: words })}</Text>
      <WhyField value={why} onChange={setWhy} />
      <FailureNote error={put.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>{t("common.cancel")}</Button>
        <Button {...(deed === "block" && { color: "red" })} disabled={why.trim() === ""}
                loading={put.isPending} onClick={() => put.mutate(undefined)}>
          {t(`identity.${deed}Deed`)}
        </Button>
      </Group>
    </Stack>
  );
}

export function WhyField({ value, onChange }: { value: string; onChange: (why: string) => void }) {
  return (
    <Textarea label={t("identity.whyLabel")} description={t("identity.whyHint")} required autosize
              minRows={2} value={value} onChange={(event) => onChange(event.target.value)} />
  );
}
