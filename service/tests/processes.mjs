// Processes of the service that are started, asked and killed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ask, CLIENT, tokenOf } from "./support.mjs";

const MAIN = fileURLToPath(new URL("../src/main.js", import.meta.url));

/** The processes that run. */
const children = new Set();

/** Ends all that run still: after a failure nobody else does, and they would keep their test file from its end. */
export async function endProcesses() {
  const ends = [...children].map((child) => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    return ended;
  });
  await Promise.all(ends);
}

// A file that takes too long is told to end.
process.once("SIGTERM", () => {
  for (const child of children) child.kill("SIGKILL");
  process.exit(1);
});

/** Starts a process of the service over a database: `url` of a server, or `folder`. */
export const startProcess = ({ url, folder, port = 0 }) =>
  startServer([MAIN], {
    PORT: String(port),
    HOST: "127.0.0.1",
    SETOFF_CLIENT_ID: CLIENT.id,
    SETOFF_CLIENT_SECRET: CLIENT.secret,
    LOG_LEVEL: "info",
    ...(url !== undefined && { DATABASE_URL: url }),
    ...(folder !== undefined && { SETOFF_DATA: folder }),
  });

/** Starts a program of Node, with its arguments, that prints `"port":` and the port that it listens on. */
export async function startServer(program, env = {}) {
  const child = spawn(process.execPath, program, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  let output = "";
  const ended = new Promise((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  );
  const listening = new Promise((resolve, reject) => {
    const collect = (text) => {
      output += text;
      const [, found] = /"port":(\d+)/.exec(output) ?? [];
      if (found !== undefined) resolve(Number(found));
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.once("exit", () => reject(new Error(`The process ended: ${output.slice(-2000)}`)));
  });
  listening.catch(() => {});
  const found = await listening;
  return {
    pid: child.pid,
    address: `http://127.0.0.1:${found}`,
    output: () => output,
    ended,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}

const body = (amount) => ({
  invoiceDate: "2026-03-01",
  status: "Posted",
  invoiceItems: [{ amount, serviceStartDate: "2026-03-01" }],
});

/** An account with an invoice and a credit memo, each large enough for all that is applied. */
export async function newAccount(address, token, amount = 1_000_000) {
  const send = async (line, given) => {
    const { answer, text } = await ask(address, line, { token, body: given });
    assert.equal(answer?.success, true, text);
    return answer;
  };
  const { accountId } = await send("POST /v1/accounts", {
    name: "Acme",
    currency: "USD",
    billToContact: {},
  });
  const invoice = await send("POST /v1/invoices", { accountId, ...body(amount) });
  const memo = await send("POST /v1/credit-memos", {
    accountId,
    autoPost: true,
    charges: [{ productRatePlanChargeId: "c", amount }],
  });
  return { accountId, invoiceId: invoice.id, memoId: memo.id };
}

/**
 * Applies 0.01 of a memo again and again, each time under a key of its own and as often as it takes, until it is
 * told to stop. So exactly as many cents are applied as it counts.
 */
export class Worker {
  applied = 0;
  /** How many requests had no answer, or none that counts. */
  unanswered = 0;
  #isOver = false;
  #isGivenUp = false;

  /** `where` says the address of a process. */
  constructor(name, account, where) {
    this.name = name;
    this.account = account;
    this.where = where;
  }

  async run() {
    let token;
    while (!this.#isOver) {
      const key = `${this.name}-${this.applied}`;
      for (;;) {
        if (this.#isGivenUp) return;
        try {
          token ??= await tokenOf(this.where());
          const { status } = await this.#apply(token, key);
          if (status === 200) break;
          if (status === 401) token = undefined;
        } catch {
          // The process was killed. Nobody knows what it did.
        }
        this.unanswered += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      this.applied += 1;
    }
  }

  /** What it has begun is carried out to its end. */
  stop() {
    this.#isOver = true;
  }

  /** Ends it at once: nobody counts any more. */
  giveUp() {
    this.#isOver = true;
    this.#isGivenUp = true;
  }

  #apply(token, key) {
    const { memoId, invoiceId } = this.account;
    return ask(this.where(), `PUT /v1/credit-memos/${memoId}/apply`, {
      token,
      body: { invoices: [{ invoiceId, amount: 0.01 }] },
      headers: { "idempotency-key": key },
    });
  }
}

/** Asserts that as much is applied of each memo as its workers have counted. */
export function assertApplied(book, account, workers) {
  const own = workers.filter((worker) => worker.account.accountId === account);
  if (own.length === 0) return;
  const cents = own.reduce((sum, { applied }) => sum + applied, 0);
  const where = { id: own[0].account.memoId };
  const [row] = book.query({ of: "creditMemo", where, fields: ["appliedAmount"] }).rows;
  assert.equal(Math.round(Number(row.appliedAmount) * 100), cents, `account ${account}`);
}
