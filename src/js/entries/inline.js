// An entry that carries the engine in itself, for what cannot load files.
import * as glue from "setoff-glue";
import text from "setoff-module";

glue.__loadBy((module) => {
  const own = () => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  glue.initSync({ module: module ?? own() });
});

export * from "setoff-entry";
