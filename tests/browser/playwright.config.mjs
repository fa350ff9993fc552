import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.mjs",
  outputDir: "../../test-results",
  fullyParallel: false,
  workers: 2,
  // A machine that is short of processors may be late; a test that fails once and then passes is told as flaky.
  retries: 2,
  // Ends what hangs; a busy machine may take its time.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: "line",
  use: {
    locale: "pl-PL",
    // Without transitions: axe measures colours at once after a change of theme.
    contextOptions: { reducedMotion: "reduce" },
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync"],
    },
  },
});
