// SPDX-License-Identifier: Apache-2.0
// What is written: one arm, or several whose shares chance gives out.
import {
  Button, Group, NativeSelect, NumberInput, Stack, Textarea, TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTable } from "@/api/queries";
import { Panel } from "@/components";
import { textsOf } from "@/features/selection/columns";
import { SmsSize } from "@/features/sms/SmsSize";
import { TEMPLATES_PATH } from "@/features/templates/template";
import { t } from "@/i18n";
import { ArmPreview } from "./ArmPreview";
import { emptyArm, nextArmName, type Arm } from "./campaign";
import type { PartProps } from "./Composer";

const ARMS_MOST = 7;

export function Arms({ draft, change }: PartProps) {
  const replace = (place: number, part: Partial<Arm>) => change({
    arms: draft.arms.map((arm, index) => index === place ? { ...arm, ...part } : arm),
  });

  return (
    <>
      {draft.arms.map((arm, place) => (
        <Panel key={place} title={t("campaigns.arm", { name: arm.name })}
               aside={draft.arms.length > 1 && (
                 <Button variant="subtle" size="compact-sm" leftSection={<IconTrash size={16} />}
                         onClick={() => change({
                           arms: draft.arms.filter((_, index) => index !== place),
                         })}>
                   {t("campaigns.removeArm", { name: arm.name })}
                 </Button>
               )}>
          <ArmFields arm={arm} channel={draft.channel} hasShare={draft.arms.length > 1}
                     change={(part) => replace(place, part)} />
        </Panel>
      ))}
      {draft.arms.length < ARMS_MOST && (
        <Group>
          <Button variant="default" leftSection={<IconPlus size={16} />}
                  onClick={() => change({
                    arms: [...draft.arms, emptyArm(nextArmName(draft.arms))],
                  })}>
            {t("campaigns.addArm")}
          </Button>
        </Group>
      )}
    </>
  );
}

interface ArmFieldsProps {
  arm: Arm;
  channel: string;
  hasShare: boolean;
  change: (part: Partial<Arm>) => void;
}

function ArmFields({ arm, channel, hasShare, change }: ArmFieldsProps) {
  const templates = useTable(TEMPLATES_PATH, { limit: 1000 });
  const names = templates.data ? textsOf(templates.data, "name") : [];

  return (
    <Stack gap="sm">
      <Group grow align="flex-start">
        <NativeSelect label={t("campaigns.template")} value={arm.template}
                      description={t("campaigns.templateHint")}
                      inputWrapperOrder={["label", "input", "description"]}
                      data={[{ value: "", label: t("campaigns.noTemplate") },
                             ...new Set([...names, arm.template].filter(Boolean))]}
                      onChange={(event) => change({ template: event.currentTarget.value })} />
        {hasShare && (
          <NumberInput label={t("campaigns.share")} value={arm.share} min={1}
                       onChange={(value) => change({ share: Number(value) })} />
        )}
      </Group>
      {arm.template === "" && (
        <>
          <TextInput label={t("campaigns.subject")} value={arm.subject}
                     onChange={(event) => change({ subject: event.currentTarget.value })} />
          <Textarea label={t("campaigns.html")} value={arm.html} autosize minRows={3} maxRows={16}
                    styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
                    onChange={(event) => change({ html: event.currentTarget.value })} />
          <Textarea label={t("campaigns.text")} value={arm.text} autosize minRows={2} maxRows={12}
                    onChange={(event) => change({ text: event.currentTarget.value })} />
          {channel === "sms" && <SmsSize text={arm.text} />}
        </>
      )}
      <ArmPreview arm={arm} channel={channel} />
    </Stack>
  );
}
