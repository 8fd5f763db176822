// SPDX-License-Identifier: Apache-2.0
// The documents of /api/v1/coupon-series and what a till is told.
export const SERIES_PATH = "/api/v1/coupon-series";
export const pathOf = (name: string) => `${SERIES_PATH}/${encodeURIComponent(name)}`;
export const addressOf = (name: string) => `/push/coupons/${encodeURIComponent(name)}`;
export const codePath = (code: string) => `/api/v1/coupons/${encodeURIComponent(code.trim())}`;

export interface Terms {
  kind: string;
  value: number;
  currency?: string;
  title?: string;
  note?: string;
  minimum?: number;
  from?: string;
  until?: string;
}

export interface Series {
  id: string;
  name: string;
  gives: string;
  terms: Terms;
  shared_code: string | null;
  uses: number;
  most: number;
  issued: number;
  is_stopped: boolean;
}

export interface Check {
  coupon: string;
  is_valid: boolean;
  answer: string;
  series?: string;
  gives?: string;
  redeemed?: number;
  is_repeat?: boolean;
}
