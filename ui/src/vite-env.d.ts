// SPDX-License-Identifier: Apache-2.0
// Modules without types of their own.
declare module "postcss-preset-mantine";
