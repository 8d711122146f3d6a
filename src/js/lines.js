// The book of an export: its lines go to the engine one by one, each as its value and as its text.
import { call, engine, Handle } from "./engine.js";
import { describe, encodeAt } from "./encode.js";
import { refusal, SetoffError } from "./errors.js";

/** The number of the book that lines make. */
export function importOf(lines) {
  const owner = {};
  const handle = new Handle(owner, "book", engine.importFree, () => call(engine.importOpen));
  try {
    let index = 0;
    for (const line of linesOf(lines)) {
      const bytes = encodeAt(parsed(line, index), ["lines", index]);
      handle.call(engine.importLine, bytes, line);
      index += 1;
    }

    return handle.call(engine.importEnd);
  } catch (cause) {
    if (cause instanceof SetoffError) throw cause;
    throw refusal("valueUnreadable", ["lines"], { cause: describe(cause) }, cause);
  } finally {
    handle.free();
  }
}

/** The lines of a text, or of texts that follow each other, wherever they were cut. */
function* linesOf(lines) {
  const pieces = typeof lines === "string" ? [lines] : lines;
  if (typeof pieces?.[Symbol.iterator] !== "function") throw refusal("noLines", ["lines"], {});

  let unfinished = "";
  for (const piece of pieces) {
    if (typeof piece !== "string") throw refusal("noLines", ["lines"], {});

    const text = unfinished + piece;
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      yield text.slice(start, end);
      start = end + 1;
    }
    unfinished = text.slice(start);
  }
  if (unfinished !== "") yield unfinished;
}

function parsed(line, index) {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw refusal("lineNotJson", ["lines", index], { line: index + 1 }, cause);
  }
}
