// `npm run bench -w service`: figures of the service over PostgreSQL, each beside its floor, measured in turns in one run.
//
// Applies: as many connections as `CLIENTS` ask one process of the service to apply some cents of a memo. The floor is the
// same PostgreSQL with a bare INSERT of the same bytes: by as many connections straight from this program, and behind an
// HTTP server, a process of its own, with nothing but the INSERT. Of each it also prints how long the processors worked
// for one request, in the process that answers it and in PostgreSQL. Lists: pages of a list of many memos by the service's statement,
// and by SQL that one would write by hand. Both in a database of more and more accounts.
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import pg from "pg";
import * as setoff from "setoff";
import { Host } from "setoff/host";
import { CONNECTIONS, Database } from "../src/database.js";
import { SqlStore } from "../src/store.js";
import { directoryOf } from "../src/tenants.js";
import { endProcesses, newAccount, startProcess, startServer } from "../tests/processes.mjs";
import { startPostgres, tokenOf } from "../tests/support.mjs";
import { ofProcess, withChildren } from "./processors.mjs";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean" },
    accounts: { type: "string" },
    seconds: { type: "string" },
  },
});
const BARE = fileURLToPath(new URL("bare.mjs", import.meta.url));
const CLIENTS = 16;
const ROUNDS = values.quick ? 2 : 5;
const SECONDS = Number(values.seconds ?? (values.quick ? 2 : 5));
const SIZES = (values.accounts ?? (values.quick ? "10,1000" : "10,1000,10000,100000"))
  .split(",")
  .map(Number);
/** At least as many memos are in the list, in accounts of as many as it takes. */
const MEMOS = 100_000;
/** The memos that are made in a transaction. */
const BATCH = 200;
/** The accounts whose memos are applied, beside all others. */
const ASKED = 64;

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

/** Sends a request over a connection that stays open, and returns the status. */
function ask(address, method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${address}${path}`, { agent, method, headers }, (incoming) => {
      incoming.resume();
      incoming.once("end", () => resolve(incoming.statusCode));
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

/**
 * How often all clients together do `work` in a second, how long it takes, and how long the processors work for it in
 * PostgreSQL and, where there is one, in the process `pid` that answers: in milliseconds.
 */
async function rate({ work, pid }, postgres) {
  const times = [];
  const before = [ofProcess(pid), withChildren(postgres)];
  const end = performance.now() + SECONDS * 1000;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (performance.now() < end) {
      const began = performance.now();
      await work();
      times.push(performance.now() - began);
    }
  });
  await Promise.all(clients);

  const after = [ofProcess(pid), withChildren(postgres)];
  const [inNode, inPostgres] = after.map((end, index) => (end - before[index]) / times.length);
  const perSecond = times.length / SECONDS;
  return { perSecond, p50: quantile(times, 0.5), p99: quantile(times, 0.99), inNode, inPostgres };
}

function quantile(numbers, part) {
  const sorted = numbers.toSorted((first, second) => first - second);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

const median = (numbers) =>
  numbers.toSorted((first, second) => first - second)[numbers.length >> 1];

/** Measures several kinds of work in turns, and prints the median of each figure. */
async function compare(kinds, postgres) {
  const seen = Object.fromEntries(Object.keys(kinds).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, kind] of Object.entries(kinds)) seen[name].push(await rate(kind, postgres));

  return Object.entries(seen).map(([name, rates]) => {
    const medianOf = (field) => median(rates.map((each) => each[field]));
    const ms = (field) => millisecondsText(medianOf(field));
    const wall = `p50 ${ms("p50")}   p99 ${ms("p99")}`;
    const processors = `Node ${ms("inNode")}   PostgreSQL ${ms("inPostgres")}`;

    const perSecond = medianOf("perSecond");
    const turnover = `${perSecond.toFixed(0).padStart(8)} /s`;
    console.log(`  ${name.padEnd(36)}${turnover}   ${wall}   processors: ${processors}`);
    return perSecond;
  });
}

const millisecondsText = (time) => (Number.isNaN(time) ? "-" : `${time.toFixed(2)} ms`);

async function measureApplies({ url, pid: postgres }, service, token, accounts) {
  const pool = new pg.Pool({ connectionString: url, max: CLIENTS });
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "zuora-version": "2025-08-12",
  };

  let turn = 0;
  const apply = async (more) => {
    const { memoId, invoiceId } = accounts[(turn += 1) % accounts.length];
    // Each amount is another one, so that no PUT is equal to one that is under way.
    const amount = ((turn % 9973) + 1) / 100;
    const body = JSON.stringify({ invoices: [{ invoiceId, amount }] });
    const path = `/v1/credit-memos/${memoId}/apply`;
    const status = await ask(service.address, "PUT", path, { ...headers, ...more }, body);
    if (status !== 200) throw new Error(`an apply was answered with ${status}`);
  };
  await apply({});

  await pool.query(`create table if not exists bare (tenant text, account text, version integer, entry json,
    primary key (tenant, account, version))`);
  const { rows } = await pool.query(
    "select entry::text as text from entries order by version desc limit 1",
  );
  const [{ text }] = rows;

  const statement = "insert into bare values ($1, $2, $3, $4)";
  const insert = () =>
    pool.query({ name: "bare", text: statement, values: ["default", randomUUID(), 1, text] });
  const bare = await startServer([BARE, url, text, `${CONNECTIONS}`]);
  const overHttp = () => ask(bare.address, "PUT", "/", headers, "{}");
  const underKey = () => apply({ "idempotency-key": randomUUID() });

  const kinds = {
    "bare INSERT of the same bytes": { work: insert },
    "the same behind a bare HTTP server": { work: overHttp, pid: bare.pid },
    apply: { work: () => apply({}), pid: service.pid },
    "apply under a key": { work: underKey, pid: service.pid },
  };
  const [floor, behindHttp, applied] = await compare(kinds, postgres);
  await bare.stop();
  await pool.end();

  const percent = (floorRate) => `${((100 * applied) / floorRate).toFixed(0)} %`;
  console.log(`  apply / bare INSERT: ${percent(floor)}; behind HTTP: ${percent(behindHttp)}`);
}

const BY_HAND = "select row from documents where tenant = 'default' and kind = 'creditMemo'";
const LISTS = {
  "first page, by number": {
    query: { where: {}, sort: [] },
    sql: `${BY_HAND} order by number desc, id limit 41`,
  },
  "status and amount, by date": {
    query: {
      where: { zuoraStatus: "Posted", amount: { gt: "50" } },
      sort: [{ by: "date", dir: "desc" }],
    },
    sql: `${BY_HAND} and status = 'posted' and amount > 50 order by date desc nulls last, number desc, id limit 41`,
  },
  "by what is left": {
    query: {
      where: { unappliedAmount: { gt: "0" } },
      sort: [{ by: "unappliedAmount", dir: "desc" }],
    },
    sql: `${BY_HAND} and remaining > 0 order by remaining desc nulls last, number desc, id limit 41`,
  },
  "a custom field": {
    query: { where: { "customFields.region__c": "R7" }, sort: [] },
    sql: `${BY_HAND} and row -> 'customFields' ->> 'region__c' = 'R7' order by number desc, id limit 41`,
  },
};

async function measureLists(url, database) {
  const directory = directoryOf(database, "default", new SqlStore(database, "default"));
  const client = new pg.Client(url);
  await client.connect();
  const fields = ["*", "zuoraStatus", "taxExemptAmount"];

  for (const [name, { query, sql }] of Object.entries(LISTS)) {
    const asked = { of: "creditMemo", ...query, fields, page: { size: 41 } };
    const times = { service: [], hand: [] };
    for (let round = 0; round < ROUNDS * 4; round++) {
      let began = performance.now();
      const found = await directory.list({ query: asked, accountIds: null });
      times.service.push(performance.now() - began);

      began = performance.now();
      const { rows } = await client.query({ name, text: sql });
      times.hand.push(performance.now() - began);

      if (rows.length !== found.pages[0].rows.length) throw new Error(`${name}: other rows`);
    }

    const [service, hand] = [median(times.service), median(times.hand)];
    const figures = `${service.toFixed(2).padStart(8)} ms   by hand ${hand.toFixed(2)} ms`;
    console.log(`  list: ${name.padEnd(34)}${figures}`);
  }
  await client.end();
}

/** Makes accounts, each with as many memos as make `MEMOS` of all. */
async function fill(database, from, to) {
  const store = new SqlStore(database, "default");
  const bookOptions = { currency: "USD", limits: "zuora" };
  const host = new Host(setoff, store, { bookOptions, keep: 8 });
  const memoCount = Math.max(1, Math.ceil(MEMOS / to));

  for (let next = from; next < to; next += 8) {
    const accounts = Array.from({ length: Math.min(8, to - next) }, (_, index) => next + index);
    await Promise.all(accounts.map((account) => fillAccount(host, account, memoCount)));
  }
}

/** Not too many commands at a time, so that answers of the database are read in between. */
async function fillAccount(host, account, memoCount) {
  for (let first = 0; first < memoCount; first += BATCH) {
    const last = Math.min(memoCount, first + BATCH);
    await host.transact(`${account}`, (book) => {
      for (let index = first; index < last; index++) book.execute(memoCommand(account, index));
    });
  }
}

function memoCommand(account, index) {
  const id = `M-${account}-${String(index).padStart(6, "0")}`;
  const amount = ((index * 7919 + account * 31) % 10_000) / 100 + 1;
  return {
    ...{ type: "createCreditMemo", at: "2026-03-31", id, number: id, accountId: `${account}` },
    ...{ autoPost: index % 5 > 0, date: `2026-0${1 + (index % 3)}-1${index % 10}` },
    customFields: { region__c: `R${(index + account) % 50}` },
    items: [{ id: "a", amount: amount.toFixed(2) }],
  };
}

const postgres = await startPostgres();
try {
  const database = new Database({ url: postgres.url });
  const service = await startProcess({ url: postgres.url });
  const token = await tokenOf(service.address);
  const asked = [];
  while (asked.length < ASKED) asked.push(await newAccount(service.address, token, 1_000_000_000));

  const client = new pg.Client(postgres.url);
  // After a failure the server ends before it does.
  client.on("error", () => {});
  await client.connect();
  const { rows: files } = await client.query("select pg_read_file('postmaster.pid') as text");
  const pid = Number.parseInt(files[0].text, 10);

  let filled = 0;
  for (const size of SIZES) {
    await fill(database, filled, size);
    filled = size;

    await client.query("vacuum analyze");
    const { rows } =
      await client.query(`select count(*) filter (where kind = 'creditMemo') as memos,
      pg_size_pretty(pg_database_size(current_database())) as size from documents`);
    console.log(`\n${size} accounts, ${rows[0].memos} credit memos, ${rows[0].size}`);

    await measureApplies({ url: postgres.url, pid }, service, token, asked);
    await measureLists(postgres.url, database);
  }

  await client.end();
  await service.stop();
  await database.close();
} finally {
  await endProcesses();
  await postgres.stop();
  agent.destroy();
}
