// What the jobs that preview share.
import { encode } from "../../../src/js/encode.js";
import { engine, figures } from "../contenders.js";
import { inputs, isNative, name as native, parts, runNative } from "../native.js";

/**
 * The contenders with `commands` loaded, each to preview `requests` in turn and `read` of the plan. Answers those whose
 * figures are the engine's as `contenders`, and the names of the others as `wrong`.
 */
export function loaded(all, commands, requests, read) {
  const wrong = [];
  const contenders = [];
  let expected;
  for (const { name, open } of all) {
    const book = open(commands);
    const found = requests.map((request) => figures(book.preview(request)));
    if (name === engine.name) expected = found;
    if (found.every((figure, index) => figure === expected[index])) {
      // One closure for all: that it sees many kinds of books costs each of them the same few nanoseconds.
      contenders.push({
        name,
        run: (index) => read(book.preview(requests[index % requests.length])),
      });
    } else {
      wrong.push(name);
    }
  }
  return { contenders, wrong };
}

/** The engine without WebAssembly, from encoded requests to encoded columns: nothing is made for JavaScript. */
export function nativePreviews(job, commands, requests) {
  if (!isNative()) return [];
  const file = inputs(
    job,
    parts([...commands, ...requests].map((command) => encode(command, true))),
  );
  return [{ name: native, measure: (calls) => runNative(["preview", file], calls) }];
}
