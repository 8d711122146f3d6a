// The entry `setoff/rest` for Node: the first request loads the module from the package's own file.
import { readFileSync } from "node:fs";
import * as engine from "setoff-engine";
import { initSync, restStep } from "setoff-glue";
import file from "setoff-module-name";
import { loadedOnce, moduleOf } from "../module.js";
import { handlerMaker } from "../rest/handler.js";

/** Loads the module of the dialects from `source`, or from where it lies in the package. */
export const init = loadedOnce(async (source) => {
  const module = await moduleOf(source, readFileSync);
  initSync({ module: module ?? readFileSync(new URL(file, import.meta.url)) });
});

export const createHandler = handlerMaker({
  engine,
  load: init,
  step: (step) => JSON.parse(restStep(JSON.stringify(step))),
});
