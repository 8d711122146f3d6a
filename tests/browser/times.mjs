// How fast the page is, as a program and no test: `node tests/browser/times.mjs`. Medians of nine, beside an empty page
// with an empty module in the same run, so that one knows what the machine itself takes.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPage, pageDir } from "../../scripts/page.mjs";
import { serve } from "../../scripts/serve.mjs";
import { launch } from "./launch.mjs";

const RUNS = 9;
const SLOW_NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: 200_000,
  uploadThroughput: 100_000,
};

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** An empty page with an empty module of WebAssembly. */
function emptyPage() {
  const dir = mkdtempSync(join(tmpdir(), "setoff-empty-"));
  writeFileSync(join(dir, "empty.wasm"), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  writeFileSync(
    join(dir, "main.js"),
    'await WebAssembly.compileStreaming(fetch("empty.wasm"));' +
      'document.body.innerHTML = "<button id=commit>x</button>";',
  );
  writeFileSync(
    join(dir, "index.html"),
    '<!doctype html><script type="module" src="main.js"></script><body></body>',
  );
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

/** The milliseconds from a key to the frame that shows what comes of it. */
async function keyToFrame(browser, url, label) {
  const context = await browser.newContext({ locale: "en-US" });
  const page = await context.newPage();
  await page.goto(url);
  const field = page.getByRole("textbox", { name: label });
  await field.waitFor();
  await field.fill("1");
  await page.waitForTimeout(1_500);
  const samples = [];
  let longest = 0;
  await page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        window.longest = Math.max(window.longest, duration);
    }).observe({ type: "longtask" });
  });
  for (let run = 0; run < RUNS; run += 1) {
    const took = await page.evaluate(
      async ([name, text]) => {
        const field = [...document.querySelectorAll("input.amount")].find(({ ariaLabel }) =>
          ariaLabel.startsWith(name),
        );
        const shown = document.querySelector(".result-words");
        const before = shown.textContent;
        const began = performance.now();
        field.value = text;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        const typed = await new Promise((resolve) =>
          requestAnimationFrame(() => resolve(performance.now())),
        );
        while (shown.textContent === before)
          await new Promise((resolve) => requestAnimationFrame(resolve));
        return { typed: typed - began, answered: performance.now() - began };
      },
      [label, `${run + 2}`],
    );
    samples.push(took);
    await page.waitForTimeout(200);
  }
  longest = await page.evaluate(() => window.longest);
  await context.close();
  return {
    typed: median(samples.map(({ typed }) => typed)),
    answered: median(samples.map(({ answered }) => answered)),
    longest,
  };
}

await buildPage();
const site = await serve({ port: 0, folders: { "/": pageDir } });
const empty = await serve({ port: 0, folders: { "/": emptyPage() } });
const browser = await launch();
const say = (name, ...figures) =>
  console.log(name.padEnd(46), ...figures.map((figure) => `${Math.round(figure)} ms`.padStart(9)));
console.log("".padEnd(46), "the page".padStart(9), "empty".padStart(9));
for (const [name, options] of [
  ["first use, this machine", { rate: 1 }],
  ["first use, CPU ÷ 4", { rate: 4 }],
  ["first use, CPU ÷ 4, 1.6 Mbit/s, 150 ms", { rate: 4, network: SLOW_NETWORK }],
]) {
  const [own, none] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    own.push(await firstUse(browser, site.url, options));
    none.push(await firstUse(browser, empty.url, options));
  }
  say(name, median(own), median(none));
}
const offline = [];
for (let run = 0; run < RUNS; run += 1)
  offline.push(await firstUse(browser, site.url, { rate: 4, isWarm: true }));
say("first use, offline, CPU ÷ 4", median(offline));
for (const [name, key, label] of [
  ["forty invoices", "forty", "Amount for INV-7003"],
  ["one invoice of 15,000 lines", "metered", "Amount for INV-9001"],
]) {
  const { typed, answered, longest } = await keyToFrame(
    browser,
    `${site.url}#/settle/sample:${key}`,
    label,
  );
  say(`key to frame, ${name}`, typed);
  say(`key to new figures, ${name}`, answered);
  say(`longest task, ${name}`, longest);
}
await browser.close();
await Promise.all([site.close(), empty.close()]);
