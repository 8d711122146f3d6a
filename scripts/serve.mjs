// A small static web server for the page in `www/` and the package in `pkg/`.
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";
import { build, packageDir } from "./build.mjs";
import { main, Problem, root } from "./exec.mjs";

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

const HEADERS = {
  "Cache-Control": "no-cache",
  // 'wasm-unsafe-eval' is what compiling WebAssembly needs; it allows no JavaScript eval.
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** The page at `/`, the package at `/pkg/`. The longest prefix that fits is served. */
const SITE = { "/": join(root, "www"), "/pkg/": packageDir };

/**
 * Serves `folders` (URL prefix to folder). Where the port is taken, the next free one is used; port 0 is any free one.
 * Answers `{ url, port, close }`.
 */
export async function serve({ port = 8080, host = "127.0.0.1", folders = SITE } = {}) {
  const server = createServer((request, response) => {
    answer(folders, request, response).catch((error) => {
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

async function answer(folders, request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return refuse(response, 405, "Method not allowed");
  }
  const file = await fileFor(folders, request.url);
  if (file === undefined) return refuse(response, 404, "Not found");
  response.writeHead(200, {
    ...HEADERS,
    "Content-Type": TYPES[extname(file.path)] ?? "application/octet-stream",
    "Content-Length": file.size,
  });
  if (request.method === "HEAD") response.end();
  else
    createReadStream(file.path)
      .on("error", () => response.destroy())
      .pipe(response);
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
  try {
    const folder = await realpath(folders[prefix]);
    const file = await realpath(join(folder, path.slice(prefix.length)));
    const info = await stat(file);
    return info.isFile() && file.startsWith(folder + sep)
      ? { path: file, size: info.size }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Serves the site as `PORT` and `HOST` say, until the process is told to stop. */
export async function serveSite() {
  const wanted = Number(process.env.PORT || 8080);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) {
    throw new Problem(`PORT must be a number from 0 to 65535, not "${process.env.PORT}"`);
  }
  const { url, port, close } = await serve({ port: wanted, host: process.env.HOST || "127.0.0.1" });
  if (wanted !== 0 && port !== wanted) console.log(`Port ${wanted} is taken; using ${port}.`);
  console.log(`The page is at ${url} (Ctrl+C ends it)`);
  const stopped = new Promise((resolve) =>
    process.once("SIGINT", resolve).once("SIGTERM", resolve),
  );
  await stopped;
  await close();
}

await main(import.meta.url, async () => {
  await build();
  await serveSite();
});
