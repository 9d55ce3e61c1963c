// A real Baton for the browser tests: the demo of the binary with a folder of its own, its history
// played and the world going on. Ends what it began, and nothing else.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Enough that every page has something to show, and few enough for an unoptimised binary. */
const ORDERS = 150;
const PLAYED_WITHIN_MS = 240_000;
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 500;

export interface Server {
  url: string;
  /** An administrator's key of the sample world. */
  key: string;
  stop: () => Promise<void>;
}

function binary(): string {
  const path = process.env.BATON_BINARY;
  if (!path) throw new Error("BATON_BINARY says which baton to test; `cargo xtask test` sets it");
  return path;
}

/** Waits for a line of a process's output, and gives what the pattern caught in it. */
function heard(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const timer = setTimeout(
      () => reject(new Error(`not heard: ${pattern}\n${printed}`)),
      READY_WITHIN_MS,
    );
    const listen = (chunk: unknown) => {
      printed += String(chunk);
      const found = pattern.exec(printed)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.on("close", () => reject(new Error(`ended before ${pattern}:\n${printed}`)));
  });
}

/** Until the history is played, and the world goes on at its own pace. */
async function played(url: string, key: string): Promise<void> {
  const until = Date.now() + PLAYED_WITHIN_MS;
  for (;;) {
    const response = await fetch(`${url}/v1/overview`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    const { phases } = (await response.json()) as { phases: { orders: number }[] };
    if (phases.reduce((sum, phase) => sum + phase.orders, 0) >= ORDERS) return;
    if (Date.now() > until) throw new Error("the demo's history was not played in time");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** The demo, with its history played. */
export async function startServer(): Promise<Server> {
  const world = ["demo", "--seed", "7", "--orders", String(ORDERS)];
  const server = await start(await freePort(), world);
  try {
    await played(server.url, server.key);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A server of one's own, at this port of the machine; empty, and set as these arguments say. */
export const startEmpty = (port: number, more: string[]): Promise<Server> =>
  start(port, ["serve", ...more]);

/** A store that is there already, and stays; its keys are made beforehand. */
export async function startAt(folder: string): Promise<Server> {
  const port = await freePort();
  const { child, stop } = run(["serve", "--data", folder, "--port", String(port)]);
  try {
    const url = await heard(child, /serves .* at (http:\S+);/);
    return { url, key: "", stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function run(given: string[]): { child: ChildProcess; stop: () => Promise<void> } {
  const child = spawn(binary(), given, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { child, stop };
}

async function start(port: number, what: string[]): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "baton-web-"));
  const { child, stop: end } = run([...what, "--data", folder, "--port", String(port)]);
  const stop = async () => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const printed = await heard(child, /(BATON_URL=\S+ BATON_KEY=\S+)/);
    const [, url = "", key = ""] = /BATON_URL=(\S+) BATON_KEY=(\S+)/.exec(printed) ?? [];
    return { url, key, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One that nobody listened on a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = createServer();
    listener.on("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const address = listener.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      listener.close(() => resolve(port));
    });
  });
}
