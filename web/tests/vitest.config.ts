// The browser tests run apart from the others: they need a built binary and Chromium, and share one
// server, so they go one after another.
import { defineConfig } from "vitest/config";

const PLAYING_MS = 300_000;
const PATH_MS = 120_000;

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    fileParallelism: false,
    hookTimeout: PLAYING_MS,
    testTimeout: PATH_MS,
  },
});
