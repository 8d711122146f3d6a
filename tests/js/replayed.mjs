// Replays books that ran natively, in Node and in a browser alike. Imports nothing, because a page loads it, too.

/** What must be the same in every runtime after the last entry of a log. */
export function replayed({ Book }, entries) {
  const book = Book.replay(entries);
  try {
    const isSame = JSON.stringify(book.entries()) === JSON.stringify(entries);
    const last = book.snapshot().slice(-8);
    const checksum = [...last].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return { hash: book.hash(), checksum, isSame };
  } finally {
    book.free();
  }
}
