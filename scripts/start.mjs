// `npm start`: builds the package, settles a sample account with it in this terminal, and serves the page (which
// `npm start -- --no-serve` leaves out).
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { main } from "./exec.mjs";
import { buildPage } from "./page.mjs";
import { serveSite } from "./serve.mjs";

await main(import.meta.url, async () => {
  const { values } = parseArgs({ options: { "no-serve": { type: "boolean" } } });
  await build();
  // Only now: the demo imports the package.
  const { demo } = await import("./demo.mjs");
  await demo();
  if (values["no-serve"]) return;
  await buildPage();
  await serveSite();
});
