// SPDX-License-Identifier: Apache-2.0
// What a real customer would get of an arm: of its own parts, or of the template that it names.
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconEye } from "@tabler/icons-react";
import { useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import { Answer } from "@/components";
import { Shown, usePreview, type Content } from "@/features/templates/Shown";
import { pathOf, type Kind, type Template } from "@/features/templates/template";
import { t } from "@/i18n";
import type { Arm } from "./campaign";

// What is written for a channel, as templates call it.
const KINDS: Record<string, Kind> = {
  sms: "text", web_push: "text", phone: "letter", letter: "letter", on_site: "onsite",
};

export function ArmPreview({ arm, channel }: { arm: Arm; channel: string }) {
  const may = useMay();
  const [isOpen, { toggle }] = useDisclosure();
  const isEmpty = arm.template === "" && `${arm.subject}${arm.html}${arm.text}`.trim() === "";

  if (!may("read_customers")) return null;
  return (
    <>
      <Button variant="default" size="compact-sm" leftSection={<IconEye size={16} />}
              aria-expanded={isOpen} disabled={isEmpty} onClick={toggle}
              style={{ alignSelf: "flex-start" }}>
        {t("campaigns.preview", { name: arm.name })}
      </Button>
      {isOpen && !isEmpty && (arm.template === ""
        ? <Live content={{ kind: KINDS[channel] ?? "email", subject: arm.subject, html: arm.html,
                           text: arm.text, variants: [] }} />
        : <OfTemplate name={arm.template} />)}
    </>
  );
}

function OfTemplate({ name }: { name: string }) {
  const template = useApi<Template>(pathOf(name));

  return <Answer of={template}>{(found) => <Live content={found} />}</Answer>;
}

function Live({ content }: { content: Content }) {
  const preview = usePreview(content);

  return <Shown preview={preview} kind={content.kind} />;
}
