// The installed package in Next.js: in a component of the server, built ahead and at each request, and of the client.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { environment } from "../../scripts/exec.mjs";
import { useSetoff } from "./program.mjs";
import {
  documented,
  factsHere,
  factsOf,
  freePort,
  runTool,
  startServer,
  toolBin,
  toolProject,
} from "./project.mjs";

const component = `
  import * as setoff from "setoff";
  ${useSetoff}
  export default async function Page() {
    return <pre id="facts">{JSON.stringify(await useSetoff(setoff))}</pre>;
  }`;

const FILES = {
  "next.config.mjs": documented("next.config.mjs"),
  "app/layout.jsx":
    'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
  "app/page.jsx": component,
  "app/live/page.jsx": `export const dynamic = "force-dynamic";${component}`,
  "app/client/page.jsx": `"use client";
    import { useEffect } from "react";
    import * as setoff from "setoff";
    ${useSetoff}
    export default function Page() {
      useEffect(() => { globalThis.facts = useSetoff(setoff); }, []);
      return <p>A component of the client</p>;
    }`,
};

/** The facts in the HTML of a page. */
function factsIn(html) {
  const [, text] = /<pre id="facts">(.*?)<\/pre>/.exec(html);
  return JSON.parse(text.replaceAll("&quot;", '"'));
}

test("Next.js", async (t) => {
  const dir = await toolProject("next", FILES);
  const env = environment({ NEXT_TELEMETRY_DISABLED: "1" });
  await runTool(dir, "next", ["build"], { env });
  const here = await factsHere();

  await t.test("a server component, when it is built", () => {
    const html = readFileSync(join(dir, ".next", "server", "app", "index.html"), "utf8");
    assert.deepEqual(factsIn(html), here);
  });

  const port = await freePort();
  const [node, [next]] = toolBin("next");
  const url = await startServer(t, dir, port, node, [next, "start", "-H", "127.0.0.1"]);

  await t.test("a server component, at each request", async () => {
    assert.deepEqual(factsIn(await (await fetch(`${url}live`)).text()), here);
  });
  await t.test("a client component", async (t) => {
    assert.deepEqual(await factsOf(t, `${url}client`), here);
  });
});
