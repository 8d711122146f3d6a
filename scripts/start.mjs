// `npm start`: builds the package, settles a sample account with it in this terminal, and starts the service:
// the page at `/`, and the interfaces of other systems beside it (`npm start -- --no-serve` leaves that out).
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { main } from "./exec.mjs";
import { buildPage, pageDir } from "./page.mjs";
import { linkPackage, serviceDir } from "./service.mjs";

await main(import.meta.url, async () => {
  const { values } = parseArgs({ options: { "no-serve": { type: "boolean" } } });
  await build();
  // Only now: the demo and the service import the package.
  const { demo } = await import("./demo.mjs");
  await demo();
  if (values["no-serve"]) return;

  await buildPage();
  linkPackage();
  await startService();
});

async function startService() {
  const { start, stopped } = await import("../service/src/main.js");
  const { readSettings } = await import("../service/src/settings.js");
  const settings = readSettings(
    { LOG_LEVEL: "warn", ...process.env },
    { folder: join(serviceDir, "data") },
  );
  const { service, url, port } = await start({ settings, page: pageDir, mayMove: true });

  if (settings.port !== 0 && port !== settings.port)
    console.log(`Port ${settings.port} is taken; using ${port}.`);

  const database = settings.databaseUrl === undefined ? settings.folder : "DATABASE_URL";
  console.log(`The page is at ${url}/ and the interfaces of other systems beside it:\n`);
  console.log(`  ${example(url, settings.client)}\n`);
  console.log(`Their database is in ${database}. Ctrl+C ends it all.`);

  await stopped();
  await service.close();
}

/** A line for a shell that works as it stands. */
function example(url, client) {
  if (client === undefined)
    return `curl ${url}/v1/accounts -d '{"name":"Acme","currency":"USD","billToContact":{}}'`;
  return (
    `curl ${url}/oauth/token -d grant_type=client_credentials -d client_id=${client.id} ` +
    `--data-urlencode client_secret="$SETOFF_CLIENT_SECRET"`
  );
}
