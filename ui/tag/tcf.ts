// SPDX-License-Identifier: Apache-2.0
// The choice as another consent tool has asked for it, by the interface of IAB's Transparency and
// Consent Framework. Its string is read and passed on; it is never written here.
import type { Purpose } from "./configuration";

interface TcData {
  eventStatus: string;
  tcString: string;
  purpose: { consents: Record<number, boolean> };
}
type TcfApi = (
  command: string, version: number, answer: (data: TcData, isGood: boolean) => void) => void;

const PATIENCE_MS = 500;
const TRIES = 60;

export function readTcf(
  purposes: Purpose[], decided: (granted: Record<string, boolean>, text: string) => void,
  tries = TRIES): void {
  const api = (window as unknown as { __tcfapi?: TcfApi }).__tcfapi;

  if (!api) {
    if (tries > 0) setTimeout(readTcf, PATIENCE_MS, purposes, decided, tries - 1);
    return;
  }
  api("addEventListener", 2, ({ eventStatus, tcString, purpose }, isGood) => {
    if (!isGood || !/^(tcloaded|useractioncomplete)$/.test(eventStatus)) return;
    const granted: Record<string, boolean> = {};
    for (const { name, tcf } of purposes)
      granted[name] = !!tcf && tcf.length > 0 && tcf.every((one) => purpose.consents[one] === true);
    decided(granted, tcString);
  });
}
