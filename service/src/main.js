// Starts the service by the settings of the environment, until it is told to stop.
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Database } from "./database.js";
import { makeLogger } from "./logs.js";
import { Problem } from "./problem.js";
import { Service } from "./server.js";
import { readSettings } from "./settings.js";

/**
 * A service that listens.
 * @param {object} options
 * @param {import("./settings.js").Settings} options.settings
 * @param {string} [options.page] The folder of the page.
 * @param {boolean} [options.mayMove] Whether the next free port will do, where the port is taken.
 */
export async function start({ settings, page, mayMove = false }) {
  const logger = makeLogger(settings.logLevel);
  const database = new Database({
    url: settings.databaseUrl,
    folder: settings.folder,
    onError: (error) => logger.error({ error }),
  });
  const service = new Service({ database, settings, logger, page });

  const port = await listen(service, settings, mayMove);
  const host = settings.host.includes(":") ? `[${settings.host}]` : settings.host;
  return { service, port, url: `http://${host}:${port}` };
}

/** How many ports are tried. */
const TRIES = 100;

/**
 * @param {Service} service
 * @param {import("./settings.js").Settings} settings
 * @param {boolean} mayMove
 */
async function listen(service, { port, host }, mayMove) {
  for (let candidate = port; ; candidate += 1) {
    try {
      return await service.listen(candidate);
    } catch (error) {
      const { code, message } = /** @type {Error & { code?: string }} */ (error);
      const isLast = !mayMove || candidate >= Math.min(port + TRIES, 65_535);
      if (code !== "EADDRINUSE" || isLast)
        throw new Problem(`The service cannot listen on ${host}, port ${candidate}: ${message}`);
    }
  }
}

/** Resolves when the process is told to stop. */
export const stopped = () =>
  new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));

async function main() {
  const folder = fileURLToPath(new URL("../data", import.meta.url));
  const settings = readSettings(process.env, { folder });
  const { service } = await start({ settings, page: process.env.SETOFF_PAGE });

  await stopped();
  await service.close();
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error instanceof Problem ? `error: ${error.message}` : error);
    process.exitCode = 1;
  });
}
