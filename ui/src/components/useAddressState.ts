// SPDX-License-Identifier: Apache-2.0
// State that is worth sharing stands in the address: filters, period, tab, page.
//
//   const [period, setPeriod] = useAddressState("by", "month");
import { useCallback } from "react";
import { useSearchParams } from "react-router-dom";

// The value that the address names, else `otherwise`. Setting it to `otherwise` takes it out of the
// address. One step back leaves the page, not the filter.
export function useAddressState(name: string, otherwise = ""): [string, (value: string) => void] {
  const [search, setSearch] = useSearchParams();
  const set = useCallback(
    (value: string) =>
      setSearch((former) => {
        const next = new URLSearchParams(former);
        if (value === otherwise) next.delete(name);
        else next.set(name, value);
        return next;
      }, { replace: true }),
    [name, otherwise, setSearch],
  );

  return [search.get(name) ?? otherwise, set];
}
