// SPDX-License-Identifier: Apache-2.0
// The document of /api/v1/letter-stationery.
export const STATIONERY_PATH = "/api/v1/letter-stationery";
export const FORMATS = ["din5008_a", "din5008_b", "us_10"] as const;

export interface Price {
  country: string;
  most_grams: number;
  price: number;
  currency: string;
  from: string;
}

export interface Stationery {
  format: string;
  font?: string;
  size: number;
  language?: string;
  company?: string;
  contact?: string;
  logo?: string; // a PNG in base64
  sender?: string;
  footer?: string;
  page_word?: string;
  paper_gsm: number;
  envelope_grams: number;
  duplex: boolean;
  postage?: Price[] | null;
}

export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";

  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
