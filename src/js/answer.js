// The answer of the engine to a command, read from its memory in one call.

/** Up to this number, words are copied one by one: that is faster than making an array of their own type. */
const FEW = 1024;

/**
 * The texts of the summary; the columns of the settlements, if there are any; the place of the first document that the
 * command creates, and the names of these documents if only a plan knows them; the names of drafts that got other
 * lines; and the entry of a book with a log. `words` is a view of the engine's memory and is valid during this call
 * only.
 */
export function toAnswer(summary, words, first, names, renamed, entry) {
  const columns = words === undefined ? null : copy(words);
  return { summary, columns, first, names, renamed, entry };
}

function copy(words) {
  const count = words.length;

  // Not `slice`, which clears the new array first.
  if (count > FEW) return new Uint32Array(words);

  const list = new Array(count);
  for (let index = 0; index < count; index++) list[index] = words[index];
  return list;
}
