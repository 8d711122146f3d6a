// A small static web server for the page (`target/page`, built of `www/`) and the package in `pkg/`. What was
// compressed beside a file is sent in its place, and what a browser has already is not sent again.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";
import { build, packageDir } from "./build.mjs";
import { main, Problem } from "./exec.mjs";
import { buildPage, pageDir } from "./page.mjs";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

// 'wasm-unsafe-eval' is what compiling WebAssembly needs; it allows no JavaScript eval.
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS = {
  "Content-Security-Policy": POLICY,
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** The page at `/`, the package at `/pkg/`. The longest prefix that fits is served. */
const SITE = { "/": pageDir, "/pkg/": packageDir };

/** Names with a hash of their content: what is under such a name never changes. */
const LASTING = /\/assets\/[^/]+-[\w-]{8}\.\w+$/;

/** The encodings that the page's build makes, the smallest first, with the endings of their files. */
const ENCODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
];

/**
 * Serves `folders` (URL prefix to folder), with a content security policy. Where the port is taken, the next free one
 * is used; port 0 is any free one. Answers `{ url, port, close }`.
 */
export async function serve(options = {}) {
  const { port = 8080, host = "127.0.0.1", folders = SITE, policy = POLICY } = options;
  const server = createServer((request, response) => {
    answer(folders, policy, request, response).catch((error) => {
      console.error(error);
      if (!response.headersSent) refuse(response, 500, "Internal server error");
      else response.destroy();
    });
  });

  await listen(server, port, host);
  const actual = server.address().port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${actual}/`,
    port: actual,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function listen(server, port, host) {
  for (let candidate = port; ; candidate += 1) {
    const error = await new Promise((resolve) => {
      server.once("error", resolve);
      server.listen(candidate, host, () => {
        server.off("error", resolve);
        resolve(undefined);
      });
    });
    if (error === undefined) return;

    if (error.code !== "EADDRINUSE" || candidate >= Math.min(port + 100, 65_535)) {
      throw new Problem(`cannot listen on ${host}, port ${candidate}: ${error.message}`);
    }
  }
}

async function answer(folders, policy, request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return refuse(response, 405, "Method not allowed");
  }

  const file = await fileFor(folders, request.url);
  if (file === undefined) return refuse(response, 404, "Not found");

  const sent = await encoded(file, request.headers["accept-encoding"] ?? "");
  const tag = await tagOf(sent);
  const headers = {
    ...HEADERS,
    "Content-Security-Policy": policy,
    "Cache-Control": LASTING.test(file.path) ? "public, max-age=31536000, immutable" : "no-cache",
    ETag: tag,
    Vary: "Accept-Encoding",
  };

  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304, headers).end();
    return;
  }

  response.writeHead(200, {
    ...headers,
    "Content-Type": TYPES[extname(file.path)] ?? "application/octet-stream",
    "Content-Length": sent.size,
    ...(sent.encoding !== undefined && { "Content-Encoding": sent.encoding }),
  });

  if (request.method === "HEAD") response.end();
  else
    createReadStream(sent.path)
      .on("error", () => response.destroy())
      .pipe(response);
}

/** What is sent for a file: a compressed one beside it, where there is one that the browser takes. */
async function encoded(file, accepted) {
  for (const [encoding, ending] of ENCODINGS) {
    if (!new RegExp(`\\b${encoding}\\b`).test(accepted)) continue;
    const path = `${file.path}${ending}`;
    const info = await stat(path).catch(() => undefined);
    if (info?.isFile()) return { path, size: info.size, time: info.mtimeMs, encoding };
  }
  return file;
}

/** The tags of files, by path and time: of the same bytes always the same. */
const tags = new Map();

async function tagOf({ path, size, time }) {
  const key = `${path} ${size} ${time}`;
  if (!tags.has(key)) {
    const hash = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    tags.set(key, `"${hash.slice(0, 24)}"`);
  }
  return tags.get(key);
}

function refuse(response, status, text) {
  response.writeHead(status, { ...HEADERS, "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

/** The file behind a request target; `undefined` for one that does not exist, is hidden or lies outside its folder. */
async function fileFor(folders, target) {
  let path;
  try {
    path = decodeURIComponent(target.split("?", 1)[0]);
  } catch {
    return undefined;
  }

  if (path.split(/[/\\]/).some((part) => part.startsWith(".")) || path.includes("\0"))
    return undefined;
  if (path.endsWith("/")) path += "index.html";

  const prefixes = Object.keys(folders).filter((prefix) => path.startsWith(prefix));
  const prefix = prefixes.sort((a, b) => b.length - a.length)[0];
  if (prefix === undefined) return undefined;

  // A link in a folder may lead out of it, so the place that it leads to counts.
  try {
    const folder = await realpath(folders[prefix]);
    const file = await realpath(join(folder, path.slice(prefix.length)));
    const info = await stat(file);
    if (!info.isFile() || !file.startsWith(folder + sep)) return undefined;
    return { path: file, size: info.size, time: info.mtimeMs };
  } catch {
    return undefined;
  }
}

/** Serves the site as `PORT` and `HOST` say, until the process is told to stop. */
export async function serveSite() {
  const stated = Number(process.env.PORT || 8080);
  if (!Number.isInteger(stated) || stated < 0 || stated > 65_535) {
    throw new Problem(`PORT must be a number from 0 to 65535, not "${process.env.PORT}"`);
  }

  const { url, port, close } = await serve({ port: stated, host: process.env.HOST || "127.0.0.1" });
  if (stated !== 0 && port !== stated) console.log(`Port ${stated} is taken; using ${port}.`);
  console.log(`The page is at ${url} (Ctrl+C ends it)`);

  const stopped = new Promise((resolve) =>
    process.once("SIGINT", resolve).once("SIGTERM", resolve),
  );
  await stopped;
  await close();
}

await main(import.meta.url, async () => {
  await build();
  await buildPage();
  await serveSite();
});
