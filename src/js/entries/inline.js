// An entry that carries the engine in itself, for what cannot load files.
import * as glue from "setoff-glue";
import text from "setoff-module";

glue.__loadBy((module) => glue.initSync({ module: module ?? decoded() }));

/** The bytes of the text. A loop takes a fiftieth of the time of `Uint8Array.from` with a function. */
function decoded() {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);

  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let index = 0; index < letters.length; index += 1) bytes[index] = letters.charCodeAt(index);
  return bytes;
}

export * from "setoff-entry";
