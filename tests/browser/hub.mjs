// Starts the real program in a folder of its own and reads what it prints. It dies with the test.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = new URL("../..", import.meta.url).pathname;
const PROGRAM = process.env.HUB_PROGRAM ?? resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target", "debug/twilio-chat");
const PATIENCE = 20_000;

/** `serve` with these arguments: its address, and the one-time link it printed. */
export async function startHub(args = [], environment = {}) {
  const folder = await mkdtemp(join(tmpdir(), "hub-browser-"));
  const child = spawn(PROGRAM, ["serve", ...args], {
    cwd: folder,
    env: { APP_HOST: "127.0.0.1", APP_PORT: "0", LANG: "pl_PL.UTF-8", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "", log = "";
  child.stderr.on("data", (data) => { log += data; });
  const link = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no link in time:\n${printed}\n${log}`)), PATIENCE);
    child.on("exit", (code) => reject(new Error(`it ended with ${code}:\n${printed}\n${log}`)));
    child.stdout.on("data", (data) => {
      printed += data;
      const found = printed.match(/http:\/\/localhost:\d+\/sign-in\?token=\w+/);
      if (found) { clearTimeout(timer); resolve(found[0]); }
    });
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url: new URL(link).origin, link, stop };
}
