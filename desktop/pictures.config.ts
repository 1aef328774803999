import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

/** Pictures of the pages, to be looked at; no test of anything. */
export default defineConfig({ ...tests, testMatch: "**/*.pictures.ts" });
