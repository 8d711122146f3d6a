// The site of the documentation. `scripts/docs.mjs` lays the pages, the reference and the API beside this folder.
import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import { programsOf } from "../examples.mjs";

/** A button that runs an example, below it: with the blocks before it that it goes on from. */
function runnable(markdown) {
  const fence = markdown.renderer.rules.fence;
  markdown.renderer.rules.fence = (tokens, place, options, env, self) => {
    const html = fence(tokens, place, options, env, self);
    const { info, content } = tokens[place];
    if (info.trim() !== "js") return html;
    const page = readFileSync(env.path, "utf8");
    const program = programsOf(page).find(({ steps }) =>
      steps.some(({ source }) => source === content),
    );
    const until = program?.steps.findIndex(({ source }) => source === content);
    const sources = program?.steps.slice(0, until + 1).map(({ source }) => source) ?? [];
    const imported = sources.join("\n").match(/^import .* from "(.*)";$/gm) ?? [];
    if (imported.length === 0 || imported.some((line) => !/"setoff(\/[\w/]+)?";$/.test(line)))
      return html;
    return `${html}<Runnable steps="${encodeURIComponent(JSON.stringify(sources))}" />`;
  };
}

const item = (text, link) => ({ text, link });

/** The pages of a folder, by their headings. */
const folder = (name) =>
  readdirSync(new URL(`../pages/${name}/`, import.meta.url)).map((file) => {
    const text = readFileSync(new URL(`../pages/${name}/${file}`, import.meta.url), "utf8");
    return item(text.match(/^# (.*)$/m)[1], `/${name}/${file.replace(/\.md$/, "")}`);
  });

export default defineConfig({
  title: "setoff",
  description: "Exact settlement of credit memos, invoices, payments and refunds.",
  srcDir: "pages",
  outDir: "dist",
  cacheDir: "cache",
  lastUpdated: false,
  markdown: { config: runnable },
  vite: { logLevel: "warn", build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    search: { provider: "local" },
    outline: "deep",
    nav: [
      item("Start", "/start"),
      item("Guides", "/guides/month-end"),
      item("Reference", "/reference/book"),
      item("API", "/api/"),
    ],
    sidebar: [
      {
        text: "Start",
        items: [item("In ten minutes", "/start"), item("Where it runs", "/guides/runtimes")],
      },
      {
        text: "Concepts",
        items: [
          item("How documents are settled", "/concepts/settlement"),
          item("What you can rely on", "/concepts/guarantees"),
          item("Glossary", "/concepts/glossary"),
        ],
      },
      {
        text: "Guides",
        items: [
          item("A month end", "/guides/month-end"),
          item("A bill run", "/guides/bill-run"),
          item("A change of plan", "/guides/change-of-plan"),
          item("A credit in parts", "/guides/partial-credits"),
          item("What if", "/guides/what-if"),
          item("A split by itself", "/guides/split"),
          item("Lists", "/guides/lists"),
          item("Behind a database", "/guides/database"),
          item("Rows of a database", "/guides/rows"),
          item("Import from CSV", "/guides/csv"),
          item("Several currencies", "/guides/currencies"),
          item("Errors in a form", "/guides/errors"),
          item("Moving from Zuora", "/guides/from-zuora"),
          item("In React", "/guides/react"),
          item("In a worker", "/guides/worker"),
        ],
      },
      {
        text: "Reference",
        items: [
          item("Book", "/reference/book"),
          item("Commands", "/reference/commands"),
          item("Queries", "/reference/queries"),
          item("Options", "/reference/options"),
          item("Presets", "/reference/presets"),
          item("Error codes", "/reference/codes"),
          item("Errors by reason", "/errors"),
          item("API", "/api/"),
          item("How fast it is", "/reference/speed"),
        ],
      },
      {
        text: "Rules",
        items: [
          item("Settlement", "/rules/settlement"),
          item("Proration", "/rules/proration"),
          item("Allocation", "/rules/allocation"),
        ],
      },
      {
        text: "Internals",
        collapsed: true,
        items: [
          item("Architecture", "/internals/architecture"),
          item("The way of the data", "/internals/data-flow"),
          item("Size", "/internals/size"),
          item("Conventions of packages", "/internals/conventions"),
          item("Formats", "/formats"),
          item("Versions", "/versions"),
          item("Releases", "/internals/release"),
          item("Scenarios", "/internals/scenarios"),
          item("Other systems", "/internals/rest"),
          item("Contributing", "/internals/contributing"),
          item("Style", "/internals/STYLE"),
        ],
      },
      { text: "Decisions", collapsed: true, items: folder("internals/decisions") },
    ],
  },
});
