// SPDX-License-Identifier: Apache-2.0
// Who is signed in, what the app consists of, appearance, signing out.
import {
  ActionIcon, Avatar, Menu, type MantineColorScheme, Text, useMantineColorScheme,
} from "@mantine/core";
import {
  IconApi, IconCheck, IconDeviceDesktop, IconLicense, IconLogout, IconMoon, IconSun, IconUserCircle,
} from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { useAccount, useSignOut } from "@/api/session";
import { t } from "@/i18n";

const SCHEMES = [
  { scheme: "auto", word: "shell.schemeAuto", icon: IconDeviceDesktop },
  { scheme: "light", word: "shell.schemeLight", icon: IconSun },
  { scheme: "dark", word: "shell.schemeDark", icon: IconMoon },
] as const;

export function AccountMenu() {
  const account = useAccount();
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = account.display_name || account.name;

  return (
    <Menu position="bottom-end" width={230} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" radius="xl" aria-label={t("shell.account")}>
          <Avatar size={30} radius="xl" color="tile" name={name} alt="" aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} truncate>{name}</Text>
          <Text size="xs">{account.role}</Text>
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCircle size={16} />}>
          {t("shell.account")}
        </Menu.Item>
        <Menu.Item component="a" href="/api" leftSection={<IconApi size={16} />}>
          {t("shell.apiReference")}
        </Menu.Item>
        <Menu.Item component="a" href="/third-party.txt" target="_blank"
                   leftSection={<IconLicense size={16} />}>
          {t("shell.licences")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("shell.scheme")}</Menu.Label>
        <Menu.RadioGroup value={colorScheme}
                         onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
          {SCHEMES.map(({ scheme, word, icon: Picture }) => (
            <Menu.RadioItem key={scheme} value={scheme} checkIcon={<IconCheck size={16} />}
                            rightSection={<Picture size={16} />}>
              {t(word)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()} leftSection={<IconLogout size={16} />}>
          {t("shell.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
