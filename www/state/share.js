// A link that carries a small scenario in its fragment: what is behind `#` never leaves the browser by itself.

/** Longer links are not made: they break where they are sent. */
export const MOST = 8_000;

const bytesOf = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());

/** A value as a short text for an address. */
export async function packed(value) {
  const text = new Blob([JSON.stringify(value)]).stream();
  const bytes = await bytesOf(text.pipeThrough(new CompressionStream("deflate-raw")));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The value that a text of a link stands for; `null` if it stands for none. */
export async function unpacked(text) {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(new TextDecoder().decode(await bytesOf(stream)));
  } catch {
    return null;
  }
}
