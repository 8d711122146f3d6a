// An entry for Node: the first call loads the engine from the package's own file, and `init` may say where else it is.
import { readFileSync } from "node:fs";
import * as glue from "setoff-glue";

// A text in the place of the name, when the package is built: bundlers look for an address of this kind.
const file = () => readFileSync(new URL(globalThis.SETOFF_FILE, import.meta.url));

const load = (module) => glue.initSync({ module });
glue.__loadBy(Object.assign(load, { readFile: readFileSync, file }));

export * from "setoff-entry";
