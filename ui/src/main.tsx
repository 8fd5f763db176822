// SPDX-License-Identifier: Apache-2.0
// Where the app begins: the words of the reader's language, then the page.
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./style.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { loadLanguage } from "./i18n";

void loadLanguage().then(() =>
  createRoot(document.getElementById("root")!).render(<StrictMode><App /></StrictMode>));
