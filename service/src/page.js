// The page at `/`: files of a folder, compressed as its build has made them.
import { serveStatic } from "@hono/node-server/serve-static";
import { etag } from "hono/etag";
import { existsSync } from "node:fs";

/** Names with a hash of their content: what is under such a name never changes. */
const LASTING = /\/assets\/[^/]+-[\w-]{8}\.\w+$/;

const HEADERS = {
  // 'wasm-unsafe-eval' is what compiling WebAssembly needs; it allows no JavaScript eval.
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/**
 * Serves the files of a folder, which may be missing.
 * @param {import("hono").Hono<any>} app
 * @param {string | undefined} folder
 */
export function servePage(app, folder) {
  if (folder === undefined || !existsSync(folder)) return;

  app.use("*", async (c, next) => {
    await next();
    if (c.res.status === 404) return;

    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
    const isLasting = LASTING.test(c.req.path);
    c.header("Cache-Control", isLasting ? "public, max-age=31536000, immutable" : "no-cache");
  });

  app.use("*", etag());

  const files = serveStatic({ root: folder, precompressed: true });
  app.get("*", async (c, next) => {
    // Hidden files are the build's own.
    if (c.req.path.includes("/.")) return next();
    return files(c, next);
  });
}
