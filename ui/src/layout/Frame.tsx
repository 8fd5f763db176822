// SPDX-License-Identifier: Apache-2.0
// The frame around every page: head, navigation (a drawer on narrow screens), content.
import { AppShell, Burger, Group, LoadingOverlay } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useLayoutEffect, useRef } from "react";
import { Outlet, useLocation, useNavigation } from "react-router-dom";
import { t } from "@/i18n";
import { AccountMenu } from "./AccountMenu";
import { Brand } from "./Brand";
import { FindCustomer } from "./FindCustomer";
import { Navigation } from "./Navigation";
import { RunningJobs } from "./RunningJobs";

export function Frame() {
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const navigation = useNavigation();

  // After going to another page the reader's place is its beginning, for keyboard and ear too: with
  // the page and not after it, when somebody may have gone on to a control of it.
  useLayoutEffect(() => {
    close();
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
    window.scrollTo(0, 0);
  }, [pathname, close]);

  return (
    <AppShell header={{ height: 56 }} padding={{ base: "sm", sm: "lg" }}
              navbar={{ width: 232, breakpoint: "md", collapsed: { mobile: !isOpen } }}>
      <a className="skip-link" href="#main">{t("shell.skip")}</a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="md" size="sm"
                  aria-label={t("shell.menu")} aria-expanded={isOpen} />
          <Brand />
          <FindCustomer />
          <Group gap="xs" ml="auto" wrap="nowrap">
            <RunningJobs />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={t("shell.navigation")}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main ref={main} id="main" tabIndex={-1} style={{ outline: "none" }}>
        <LoadingOverlay visible={navigation.state === "loading"} overlayProps={{ opacity: 0.3 }}
                        transitionProps={{ duration: 200, enterDelay: 250 }} />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
