// The entry `setoff/rest` for Node: the first request loads the module from the package's own file.
import { readFileSync } from "node:fs";
import * as engine from "setoff-engine";
import { initSync, restStep } from "setoff-glue";
import { loadedOnce, moduleOf, ownFile } from "../module.js";
import { handlerMaker } from "../rest/handler.js";

/** Loads the module of the dialects from `source`, or from where it lies in the package. */
export const init = loadedOnce(async (source) => {
  const module = await moduleOf(source, readFileSync);
  // A text in the place of the name, when the package is built: bundlers look for an address of this kind.
  const file = () => readFileSync(new URL(globalThis.SETOFF_FILE, import.meta.url));
  initSync({ module: module ?? ownFile(file) });
});

export const createHandler = handlerMaker({
  engine,
  load: init,
  step: (step) => JSON.parse(restStep(JSON.stringify(step))),
});
