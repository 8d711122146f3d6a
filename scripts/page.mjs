// Builds the page of `www/` into `target/page`, with the package of `pkg/`, and compresses its files as they are sent.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, packageDir } from "./build.mjs";
import { filesBelow, fingerprint, main, root, task } from "./exec.mjs";

/** Where the page is, ready to be served. */
export const pageDir = join(root, "target", "page");

const source = join(root, "www");
const STAMP = ".stamp";

/** What is worth compressing. */
const TEXTS = /\.(?:html|js|css|svg|wasm|webmanifest|json)$/;

/** Builds {@link pageDir} unless it is up to date; the package must be there. */
export async function buildPage() {
  const inputs = [source, join(root, "package-lock.json"), join(root, "scripts", "page.mjs")];
  const stamp = `${fingerprint([...inputs, join(packageDir, ".stamp")])}\n`;
  const stampFile = join(pageDir, STAMP);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;

  await task("Building the page into target/page/", "seconds", async () => {
    const staging = `${pageDir}-${process.pid}`;
    process.once("exit", () => rmSync(staging, { recursive: true, force: true }));
    mkdirSync(staging, { recursive: true });
    await bundle(staging);
    compress(staging);

    writeFileSync(join(staging, STAMP), stamp);
    rmSync(pageDir, { recursive: true, force: true });
    renameSync(staging, pageDir);
  });
}

async function bundle(outDir) {
  const { build: viteBuild } = await import("vite");
  await viteBuild({
    configFile: false,
    logLevel: "warn",
    root: source,
    base: "./",
    resolve: { alias: aliases() },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    worker: { format: "es" },
    plugins: [preloads(), offline()],
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      // The policy of the page allows no data addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
}

/** The package as a user has it: by its name, and in a browser. */
function aliases() {
  const { exports } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8"));
  const file = (entry) => {
    const { import: script = exports[entry].default } = exports[entry];
    return join(packageDir, script.default);
  };
  return [
    { find: /^setoff\/setoff_bg\.wasm/, replacement: join(packageDir, "setoff_bg.wasm") },
    { find: /^setoff\/host$/, replacement: file("./host") },
    { find: /^setoff$/, replacement: file(".") },
  ];
}

/** Lets the browser fetch the engine while it still reads the page. */
const preloads = () => ({
  name: "preloads",
  transformIndexHtml: {
    order: "post",
    handler(_, { bundle: files }) {
      const wasm = Object.keys(files).find((name) => name.endsWith(".wasm"));
      const attrs = { rel: "preload", as: "fetch", type: "application/wasm", href: `./${wasm}` };
      return [{ tag: "link", attrs: { ...attrs, crossorigin: "" }, injectTo: "head" }];
    },
  },
});

/** Writes into the service worker which files there are, and a name for all of them together. */
const offline = () => ({
  name: "offline",
  writeBundle({ dir }) {
    const worker = join(dir, "offline.js");
    if (!existsSync(worker)) return;

    const files = filesBelow(dir)
      .map((file) => file.slice(dir.length + 1).replaceAll("\\", "/"))
      .filter((name) => name !== "offline.js" && !name.startsWith("."));

    const hash = createHash("sha256");
    for (const name of files) hash.update(name).update(readFileSync(join(dir, name)));

    const text = readFileSync(worker, "utf8")
      .replace("__FILES__", JSON.stringify(files))
      .replace("__NAME__", JSON.stringify(hash.digest("hex").slice(0, 16)));
    writeFileSync(worker, text);
  },
});

/** Puts a compressed copy beside each file that gains by it. */
function compress(dir) {
  for (const file of filesBelow(dir).filter((name) => TEXTS.test(name))) {
    const content = readFileSync(file);
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: quality }));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
}

await main(import.meta.url, async () => {
  await build();
  await buildPage();
});
