// What the engine answers a command with, taken out of its memory in one call.

/** So few words are copied faster one by one than an array of their own type is made. */
const FEW = 1024;

/**
 * The text of the summary; the columns of what was settled, if anything was; and of documents that only this plan
 * knows, the place of the first and their names. `words` is a view of the engine's memory, good for this call alone.
 */
export function toAnswer(summary, words, first, names) {
  return { summary, columns: words === undefined ? null : copy(words), first, names };
}

function copy(words) {
  const count = words.length;
  // Not `slice`, which clears the new array first.
  if (count > FEW) return new Uint32Array(words);
  const list = new Array(count);
  for (let place = 0; place < count; place++) list[place] = words[place];
  return list;
}
