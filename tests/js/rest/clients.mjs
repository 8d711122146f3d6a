// Clients that others made, unmodified except for their host.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../../", import.meta.url));
const libraries = join(root, ".tools", "python");

/** What `sdk.py` has seen at its end. */
export const SEEN_BY_SDK = {
  account: [true, "A00000001"],
  invoice: [true, "Posted", 110, 110],
  items: [1, 10],
  "from invoice": [true, "Draft", 11.84, 1.08],
  posted: ["Posted", "2026-03-02 00:00:00"],
  "from charge": [true, "CM00000002", 14.99],
  applied: [5.5, 6.34],
  parts: [5.5, 6.34],
  "item parts": [5, 0.5],
  refused: [400, false, 59000030],
  "not found": [404, false],
  unapplied: [0, 11.84],
  "memo items": [10.76, 1.08],
  page: [["CM00000001"], true],
  found: ["CM00000002"],
  bulk: [true, false],
  job: ["Pending", "Processed"],
  refund: [true, "R-00000001", 3.74, "Processed"],
  "written off": [11.84, 0],
  updated: ["New"],
  mail: [true],
  canceled: ["Canceled", true],
  payment: ["P-00000001", 20],
  // 110.00 of the invoice, less 1.25 and 20.00 applied, less 10.00 that the memo has left.
  metrics: 78.75,
};

/** What `older.py` has seen at its end. */
export const SEEN_BY_OLDER = {
  account: "A00000001",
  invoice: 100,
  applied: [15, 25],
  parts: [[15, 25], 15],
  items: [40, []],
  refused: [false, 59000030],
  refund: 5,
  listed: ["CM00000001"],
  debit: ["DM00000001", "Posted"],
};

/** Why the clients cannot run here; undefined where they can. They are installed into the project's own folder. */
function missing() {
  try {
    execFileSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]);
  } catch {
    return "there is no Python 3.9 or later";
  }
  const packages = ["zuora_sdk", "swagger_client"].map((name) => join(libraries, name));
  if (packages.every(existsSync)) return undefined;
  try {
    const options = ["--quiet", "--disable-pip-version-check", "--target", libraries];
    const what = ["--requirement", join(here, "requirements.txt")];
    execFileSync("python3", ["-m", "pip", "install", ...options, ...what], { stdio: "pipe" });
  } catch (error) {
    rmSync(libraries, { recursive: true, force: true });
    return `pip could not install the clients: ${String(error.stderr).split("\n").at(-2)}`;
  }
}

/** What a program prints that is told the address of a server; undefined where it cannot run. */
export async function runClient(t, program, address, faults = () => "") {
  const reason = missing();
  if (reason !== undefined) {
    t.skip(reason);
    return undefined;
  }
  const env = { ...process.env, PYTHONPATH: libraries, PYTHONDONTWRITEBYTECODE: "1" };
  const run = promisify(execFile);
  const { stdout } = await run("python3", [join(here, program), address], { env }).catch(
    ({ stderr, message }) => assert.fail(`${message}\n${stderr}\n${faults()}`),
  );
  return JSON.parse(stdout.trim().split("\n").at(-1));
}
