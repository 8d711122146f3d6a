// The entry `setoff/rest` for Node: the first request loads the module from the package's own file.
import { readFileSync } from "node:fs";
import * as engine from "setoff-engine";
import { initSync, restStep } from "setoff-glue";
import file from "setoff-module-name";
import { handlerMaker } from "../rest/handler.js";

let isLoaded = false;

/** Loads the module of the dialects from `source`, or from where it lies in the package. */
export async function init(source) {
  if (isLoaded) return;
  const given = await source;
  const from = given instanceof URL || given === undefined ? undefined : given;
  initSync({ module: from ?? readFileSync(given ?? new URL(file, import.meta.url)) });
  isLoaded = true;
}

export const createHandler = handlerMaker({
  engine,
  load: init,
  step: (step) => JSON.parse(restStep(JSON.stringify(step))),
});
