// SPDX-License-Identifier: Apache-2.0
// "Mozilla/5.0 (X11; Linux x86_64) … Firefox/143.0" → "Firefox, Linux". A hint for the reader, not
// a fact: browsers say what they like.

const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"], [/OPR\//, "Opera"], [/Firefox\//, "Firefox"], [/Chrom(e|ium)\//, "Chrome"],
  [/Safari\//, "Safari"], [/curl\//, "curl"],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Windows/, "Windows"], [/Mac OS X/, "macOS"],
  [/Linux|X11/, "Linux"],
];

export function agentName(agent: string): string {
  const found = [BROWSERS, SYSTEMS].map((rows) => rows.find(([sign]) => sign.test(agent))?.[1]);
  return found.filter(Boolean).join(", ") || agent;
}
