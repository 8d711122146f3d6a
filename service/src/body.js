/**
 * The body of a request, as far as it is read before it is longer than `most` bytes: who gets more than that knows it.
 * @param {Request} request
 * @param {number} most
 */
export async function bodyOf(request, most) {
  if (request.body === null) return null;

  const pieces = [];
  let length = 0;
  for await (const piece of /** @type {AsyncIterable<Uint8Array>} */ (
    /** @type {unknown} */ (request.body)
  )) {
    pieces.push(piece);
    length += piece.length;
    if (length > most) break;
  }
  return Buffer.concat(pieces);
}
