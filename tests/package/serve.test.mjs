// The web server of `npm start`.
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { serve } from "../../scripts/serve.mjs";
import { temporaryFolder } from "./project.mjs";

/** A server over two folders with a file that it must not show beside them. */
async function site(t) {
  const dir = temporaryFolder(t);
  for (const folder of ["www", "pkg", "www-secret"]) mkdirSync(join(dir, folder));
  writeFileSync(join(dir, "secret.txt"), "secret");
  writeFileSync(join(dir, "www-secret", "secret.txt"), "secret");
  writeFileSync(join(dir, "www", "index.html"), "<!doctype html>");
  writeFileSync(join(dir, "www", ".hidden"), "secret");
  symlinkSync(join(dir, "secret.txt"), join(dir, "www", "link.txt"));
  writeFileSync(join(dir, "pkg", "engine.wasm"), "wasm");
  const server = await serve({
    port: 0,
    folders: { "/": join(dir, "www"), "/pkg/": join(dir, "pkg") },
  });
  t.after(server.close);
  return server;
}

/** The answer to a request target exactly as written, which `fetch` would tidy up first. */
function ask({ port }, path, method = "GET", headers = {}) {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers }, async (response) => {
      const chunks = await response.toArray();
      resolve({
        status: response.statusCode,
        headers: response.headers,
        text: Buffer.concat(chunks).toString(),
      });
    });
    sent.on("error", reject).end();
  });
}

test("serves both folders with their types and a strict policy", async (t) => {
  const server = await site(t);
  const index = await ask(server, "/?query");
  assert.equal(index.status, 200);
  assert.equal(index.text, "<!doctype html>");
  assert.equal(index.headers["content-type"], "text/html; charset=utf-8");
  assert.match(
    index.headers["content-security-policy"],
    /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
  );
  const wasm = await ask(server, "/pkg/engine.wasm");
  assert.equal(wasm.headers["content-type"], "application/wasm");
  assert.equal(wasm.text, "wasm");
  const head = await ask(server, "/pkg/engine.wasm", "HEAD");
  assert.deepEqual([head.status, head.headers["content-length"], head.text], [200, "4", ""]);
});

test("shows nothing outside its folders, and no hidden file", async (t) => {
  const server = await site(t);
  const targets = [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/pkg/../../secret.txt",
    "/..%5csecret.txt",
  ];
  targets.push(
    "/../www-secret/secret.txt",
    "/link.txt",
    "/.hidden",
    "/%00",
    "/%",
    "//secret.txt",
    "/pkg",
    "/missing",
  );
  for (const target of targets) {
    const { status, text } = await ask(server, target);
    assert.deepEqual([target, status, text], [target, 404, "Not found\n"]);
  }
});

test("sends what was compressed to who takes it, and nothing to who has it", async (t) => {
  const dir = temporaryFolder(t);
  mkdirSync(join(dir, "assets"));
  writeFileSync(join(dir, "assets", "main-0123abcd.js"), "plain");
  writeFileSync(join(dir, "assets", "main-0123abcd.js.br"), "small");
  writeFileSync(join(dir, "index.html"), "<!doctype html>");
  const server = await serve({ port: 0, folders: { "/": dir } });
  t.after(server.close);
  const get = (path, headers) => ask(server, path, "GET", headers);
  const script = "/assets/main-0123abcd.js";
  const small = await get(script, { "Accept-Encoding": "gzip, br" });
  assert.deepEqual([small.headers["content-encoding"], small.text], ["br", "small"]);
  assert.equal(small.headers["content-type"], "text/javascript; charset=utf-8");
  assert.match(small.headers["cache-control"], /immutable/);
  const plain = await get(script, {});
  assert.deepEqual([plain.headers["content-encoding"], plain.text], [undefined, "plain"]);
  assert.notEqual(plain.headers.etag, small.headers.etag);

  const index = await get("/", {});
  assert.equal(index.headers["cache-control"], "no-cache");
  const again = await get("/", { "If-None-Match": index.headers.etag });
  assert.deepEqual([again.status, again.text], [304, ""]);
  const other = await get("/", { "If-None-Match": small.headers.etag });
  assert.equal(other.status, 200);
});

test("refuses to be written to", async (t) => {
  assert.equal((await ask(await site(t), "/", "POST")).status, 405);
});

test("takes the next port when one is taken", async (t) => {
  const first = await site(t);
  const second = await serve({ port: first.port, folders: {} });
  t.after(second.close);
  assert.ok(second.port > first.port);
});
