// SPDX-License-Identifier: Apache-2.0
// Routes out of the table of pages, each loaded when it is first gone to, and what every page
// stands on: the theme, the cache of answers, words about failures.
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { createBrowserRouter, RouterProvider, type RouteObject } from "react-router-dom";
import { createQueryClient } from "./api/queries";
import { RouteError } from "./features/nowhere/RouteError";
import { NowherePage } from "./features/nowhere/NowherePage";
import { Frame } from "./layout/Frame";
import { Gate } from "./layout/gate";
import { Permitted } from "./layout/Permitted";
import { openPages, pages, type PageRow } from "./pages";
import { theme } from "./theme";

function routeOf({ path, load, permission }: PageRow): RouteObject {
  return {
    path,
    ErrorBoundary: RouteError,
    HydrateFallback: () => null,
    lazy: async () => {
      const { default: Content } = await load();
      return {
        Component: () => <Permitted permission={permission}><Content /></Permitted>,
      };
    },
  };
}

const router = createBrowserRouter([
  ...openPages.map(routeOf),
  {
    element: <Gate><Frame /></Gate>,
    ErrorBoundary: RouteError,
    children: [...pages.map(routeOf), { path: "*", Component: NowherePage }],
  },
]);

const queryClient = createQueryClient();

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
