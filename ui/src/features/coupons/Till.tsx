// SPDX-License-Identifier: Apache-2.0
// The till by hand: looks at a code, and redeems it once. Receipt and code are the key of the
// redemption, so asking twice for one receipt redeems once.
import { Alert, Button, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "@/api/client";
import { useAction } from "@/api/queries";
import { FailureNote, Panel } from "@/components";
import { t, type Key } from "@/i18n";
import { codePath, SERIES_PATH, type Check } from "./coupon";

export function Till() {
  const [code, setCode] = useState("");
  const [amount, setAmount] = useState<number | string>("");
  const [receipt, setReceipt] = useState("");
  const look = useMutation<Check, Error>({
    mutationFn: () => get<Check>(codePath(code), { amount }),
  });
  const redeem = useAction<undefined, Check>(
    () => ({ method: "POST", path: `${codePath(code)}/redeem`,
             body: { key: `app/${receipt.trim()}/${code.trim()}`, receipt: receipt.trim(),
                     ...(amount !== "" && { amount: Number(amount) }) } }),
    { stale: [SERIES_PATH] });
  const forget = () => { look.reset(); redeem.reset(); };
  const check = redeem.data ?? look.data;

  return (
    <Panel title={t("coupons.till")} sentence={t("coupons.tillHint")}>
      <form onSubmit={(event) => { event.preventDefault(); redeem.reset(); look.mutate(); }}>
        <Stack gap="sm">
          <Group gap="sm" align="flex-end">
            <TextInput label={t("coupons.tillCode")} value={code} autoComplete="off"
                       placeholder="K7HQ-3MXW-9TRC" style={{ flex: "1 1 12rem" }}
                       onChange={(event) => { setCode(event.currentTarget.value); forget(); }} />
            <NumberInput label={t("coupons.tillAmount")} value={amount} min={0} w={150}
                         onChange={(value) => { setAmount(value); forget(); }} />
            <TextInput label={t("coupons.receipt")} value={receipt} w={150}
                       onChange={(event) => { setReceipt(event.currentTarget.value); forget(); }} />
            <Button type="submit" loading={look.isPending} disabled={code.trim() === ""}>
              {t("coupons.look")}
            </Button>
            <Button variant="default" loading={redeem.isPending}
                    disabled={!look.data?.is_valid || receipt.trim() === "" || !!redeem.data}
                    onClick={() => redeem.mutate(undefined)}>
              {t("coupons.redeem")}
            </Button>
          </Group>
          <FailureNote error={look.error ?? redeem.error} />
          {check && <Told check={check} isRedeemed={!!redeem.data} />}
        </Stack>
      </form>
    </Panel>
  );
}

function Told({ check, isRedeemed }: { check: Check; isRedeemed: boolean }) {
  const said = isRedeemed ? (check.is_repeat ? "coupons.repeated" : "coupons.redeemedNow")
    : `coupons.answer_${check.answer}` as Key;

  return (
    <Alert variant="light" color={isRedeemed || check.is_valid ? "tile" : "orange"} role="status"
           title={t(said)} styles={{ title: { color: "var(--mantine-color-text)" } }}>
      <Text size="sm">
        {[check.coupon, check.gives, check.series].filter(Boolean).join(" · ")}
      </Text>
    </Alert>
  );
}
