// SPDX-License-Identifier: Apache-2.0
import { League } from "./League";

export default function StoresPage() {
  return <League of="store" />;
}
