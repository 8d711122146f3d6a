// How fast the page is, as a program and no test: `node tests/browser/times.mjs`. It prints medians of nine, each
// beside that of an empty page with an empty module in the same run, so that one knows what the machine itself takes,
// and the aim. `--runs 3` takes fewer; `--only key` those whose name has the word.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPage, pageDir } from "../../scripts/page.mjs";
import { serve } from "../../scripts/serve.mjs";
import { launch } from "./launch.mjs";

const { values: given } = parseArgs({
  options: { runs: { type: "string", default: "9" }, only: { type: "string", default: "" } },
});
const RUNS = Number(given.runs);
const SLOW_NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: 200_000,
  uploadThroughput: 100_000,
};

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const EMPTY = {
  "empty.wasm": Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
  "index.html": '<!doctype html><script type="module" src="main.js"></script><body></body>',
  "main.js": `
    await WebAssembly.compileStreaming(fetch("empty.wasm"));
    document.body.innerHTML =
      '<p class="result-words">0</p><input class="amount" aria-label="Amount"><button id="commit">x</button>';
    document.querySelector("input").addEventListener("input", (event) => {
      document.querySelector("p").textContent = event.target.value;
    });
    navigator.serviceWorker.register("offline.js");`,
  "offline.js": `
    self.addEventListener("install", (event) => event.waitUntil(
      caches.open("empty").then((cache) => cache.addAll(["./", "main.js", "empty.wasm"]))));
    self.addEventListener("fetch", (event) => event.respondWith(
      caches.match(event.request).then((found) => found ?? fetch(event.request))));`,
};

/** An empty page with an empty module of WebAssembly: one field, one text, one button; it works offline, too. */
function emptyPage() {
  const dir = mkdtempSync(join(tmpdir(), "setoff-empty-"));
  for (const [name, content] of Object.entries(EMPTY)) writeFileSync(join(dir, name), content);
  return dir;
}

/** The milliseconds from the beginning of the navigation until there is a button to press. */
async function firstUse(browser, url, { rate, network, isWarm = false }) {
  const context = await browser.newContext({ locale: "en-US" });
  const page = await context.newPage();
  const visit = async () => {
    await page.goto(url, { waitUntil: "commit" });
    await page.waitForFunction(() => document.querySelector("#commit:enabled") !== null, null, {
      polling: "raf",
    });
    return page.evaluate(() => performance.now());
  };
  if (isWarm) {
    await visit();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForTimeout(1_000);
    await context.setOffline(true);
  }
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
  if (network !== undefined) await session.send("Network.emulateNetworkConditions", network);
  const milliseconds = await visit();
  await context.close();
  return milliseconds;
}

/** A thousand invoices of fifteen lines and a credit, brought as a file. */
async function bringThousand(page) {
  const at = "2026-03-01";
  const items = Array.from({ length: 15 }, (_, line) => ({ id: `l${line}`, amount: "10.00" }));
  const commands = Array.from({ length: 1_000 }, (_, place) => {
    return { type: "createInvoice", id: `INV-${place + 1}`, at, autoPost: true, items };
  });
  const credit = [{ id: "c", amount: "90000.00" }];
  commands.push({ type: "createCreditMemo", id: "CM-1", at, autoPost: true, items: credit });
  await page.getByRole("button", { name: "Import" }).click();
  const buffer = Buffer.from(JSON.stringify(commands));
  const file = { name: "thousand.json", mimeType: "application/json", buffer };
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByRole("button", { name: "Add this account" }).click({ timeout: 120_000 });
  await page.getByText("pays 600 invoices").waitFor({ timeout: 120_000 });
}

/** Chooses that amounts are stated, and looks for one line of 15,000. */
async function stateOneLine(page) {
  await page.getByRole("button", { name: /^Rule:/ }).click();
  await page.getByRole("option", { name: "stated amounts" }).click();
  await page.getByRole("button", { name: "15,000 lines" }).click();
  await page.getByLabel("Find a line of INV-9001").fill("node 777");
}

/** From a key in a field to the frame that shows it, and to the frame that shows what comes of it. */
async function keyToFrame(browser, url, { label, reach = async () => {} }) {
  const context = await browser.newContext({ locale: "en-US" });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("#commit").waitFor();
  await reach(page);
  const field = page.getByRole("textbox", { name: label }).first();
  await field.fill("1");
  await page.waitForTimeout(1_500);
  await page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        window.longest = Math.max(window.longest, duration);
    }).observe({ type: "longtask" });
  });
  const samples = [];
  for (let run = 0; run < RUNS; run += 1) {
    samples.push(await page.evaluate(typeInto, [label, `${(run % 7) + 2}`]));
    await page.waitForTimeout(200);
  }
  const longest = await page.evaluate(() => window.longest);
  await context.close();
  const typed = median(samples.map((sample) => sample.typed));
  return { typed, answered: median(samples.map((sample) => sample.answered)), longest };
}

/** Runs in the page. */
async function typeInto([name, text]) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const field = [...document.querySelectorAll("input.amount")].find(({ ariaLabel }) =>
    ariaLabel.startsWith(name),
  );
  const shown = document.querySelector(".result-words");
  const before = shown.textContent;
  const began = performance.now();
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await frame();
  const typed = performance.now() - began;
  while (shown.textContent === before) await frame();
  return { typed, answered: performance.now() - began };
}

await buildPage();
const site = await serve({ port: 0, folders: { "/": pageDir } });
const empty = await serve({ port: 0, folders: { "/": emptyPage() } });
const browser = await launch();
const WIDE = 52;

function say(name, own, none, aim) {
  const time = (figure) => (figure === undefined ? "" : `${Math.round(figure)} ms`).padStart(9);
  const ratio = none === undefined ? "" : `× ${(own / none).toFixed(1)}`;
  console.log(name.padEnd(WIDE), time(own), time(none), ratio.padStart(8), time(aim));
}

console.log(
  `median of ${RUNS}`.padEnd(WIDE),
  ...["the page", "empty"].map((title) => title.padStart(9)),
  "ratio".padStart(8),
  "aim".padStart(9),
);
const isWanted = ([name]) => name.includes(given.only);
for (const [name, options, aim] of [
  ["first use, this machine", { rate: 1 }, 250],
  ["first use, CPU ÷ 4", { rate: 4 }, 600],
  ["first use, CPU ÷ 4, 1.6 Mbit/s, 150 ms", { rate: 4, network: SLOW_NETWORK }, 2_500],
  ["first use, offline, CPU ÷ 4", { rate: 4, isWarm: true }, 400],
].filter(isWanted)) {
  const [own, none] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    own.push(await firstUse(browser, site.url, options));
    none.push(await firstUse(browser, empty.url, options));
  }
  say(name, median(own), median(none), aim);
}
for (const [name, key, options] of [
  ["key, forty invoices", "forty", { label: "Amount for INV-7003" }],
  ["key, one invoice of 15,000 lines", "metered", { label: "Amount for INV-9001" }],
  [
    "key, one stated line of 15,000",
    "metered",
    { label: "Amount for Storage, node 777", reach: stateOneLine },
  ],
  [
    "key, 1,000 invoices of 15 lines",
    "studio",
    { label: "Amount for INV-1", reach: bringThousand },
  ],
].filter(isWanted)) {
  const none = await keyToFrame(browser, empty.url, { label: "Amount" });
  const own = await keyToFrame(browser, `${site.url}#/settle/sample:${key}`, options);
  say(`${name}: to the frame`, own.typed, none.typed, 50);
  say(`${name}: to the new figures`, own.answered, none.answered);
  say(`${name}: longest task`, own.longest, none.longest || undefined, 50);
}
await browser.close();
await Promise.all([site.close(), empty.close()]);
