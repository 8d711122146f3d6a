// What the engine answers a command with, taken out of its memory in one call.

/** So few words are copied faster one by one than an array of their own type is made. */
const FEW = 1024;

/**
 * The texts of the summary; the columns of what was settled, if anything was; of documents that the command creates the
 * place of the first, and their names if only a plan knows them; the names of drafts that got other lines; and the
 * fingerprint of a plan. `words` is a view of the engine's memory, good for this call alone.
 */
export function toAnswer(summary, words, first, names, renamed, fingerprint) {
  const columns = words === undefined ? null : copy(words);
  return { summary, columns, first, names, renamed, fingerprint };
}

function copy(words) {
  const count = words.length;
  // Not `slice`, which clears the new array first.
  if (count > FEW) return new Uint32Array(words);
  const list = new Array(count);
  for (let place = 0; place < count; place++) list[place] = words[place];
  return list;
}
