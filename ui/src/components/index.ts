// SPDX-License-Identifier: Apache-2.0
// What pages are made of. Each file tells its own props.
export { Answer } from "./Answer";
export { Chart, type ChartProps } from "./chart/Chart";
export { ConfirmDestructive } from "./ConfirmDestructive";
export { Copied } from "./Copied";
export { saveFile } from "./csv";
export { DataTable, type DataTableProps, type RowView } from "./DataTable";
export { EmptyState } from "./EmptyState";
export { ErrorState } from "./ErrorState";
export { Facts, type Fact } from "./Facts";
export { FailureNote } from "./FailureNote";
export { JobProgress, useJob } from "./JobProgress";
export { LoadingLines, LoadingTable, LoadingTiles } from "./Loading";
export { MoreButton } from "./MoreButton";
export { NewSecret } from "./NewSecret";
export { notify } from "./notify";
export { Page } from "./Page";
export { PageHeader } from "./PageHeader";
export { Panel } from "./Panel";
export { ShownOnce } from "./ShownOnce";
export { StateBadge } from "./StateBadge";
export { StatTile } from "./StatTile";
export { useAddressState } from "./useAddressState";
