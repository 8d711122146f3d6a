// The installed package in tests that Jest runs: CommonJS, ES modules and jsdom.
import test from "node:test";
import { environment } from "../../scripts/exec.mjs";
import { FACTS, useSetoff } from "./program.mjs";
import { runTool, toolProject } from "./project.mjs";

const checks = `
  ${useSetoff}
  test("setoff", async () => {
    const facts = await useSetoff(setoff);
    expect(facts).toEqual({ ...${JSON.stringify(FACTS)}, hash: facts.hash });
    const book = new setoff.Book({ currency: "USD" });
    const pay = (amount) => book.preview({ type: "createPayment", at: "2026-03-02", id: "P", amount });
    expect(pay("1.00")).not.toEqual(pay("2.00"));
    expect(pay("1.00")).toEqual(pay("1.00"));
  });`;

const FILES = {
  "script.test.cjs": `const setoff = require("setoff");${checks}`,
  "module.test.mjs": `import * as setoff from "setoff";${checks}`,
  "page.test.cjs": `/** @jest-environment jsdom */\nconst setoff = require("setoff");${checks}`,
  "jest.config.cjs":
    'module.exports = { testMatch: ["**/*.test.*"], transform: {}, modulePathIgnorePatterns: ["/out/"] };',
};

test("Jest, with CommonJS, ES modules and jsdom", async () => {
  const dir = await toolProject("jest", FILES);
  const env = environment({ NODE_OPTIONS: "--experimental-vm-modules" });
  await runTool(dir, "jest", ["--ci"], { env });
});
