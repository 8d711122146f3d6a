// The installed package in tests that Vitest runs, alone and in jsdom.
import test from "node:test";
import { FACTS, useSetoff } from "../program.mjs";
import { runTool, toolProject } from "../project.mjs";

const program = `
  import { expect, test } from "vitest";
  import * as setoff from "setoff";
  ${useSetoff}
  test("setoff", async () => {
    const facts = await useSetoff(setoff);
    expect(facts).toStrictEqual({ ...${JSON.stringify(FACTS)}, hash: facts.hash });
    const book = new setoff.Book({ currency: "USD" });
    const pay = (amount) => book.preview({ type: "createPayment", at: "2026-03-02", id: "P", amount });
    expect(pay("1.00")).not.toEqual(pay("2.00"));
  });`;

test("Vitest, alone and in jsdom", async () => {
  const dir = await toolProject("vitest", {
    "node.test.js": program,
    "page.test.js": `// @vitest-environment jsdom\n${program}`,
    "vitest.config.mjs": "export default { test: { reporters: ['dot'] } };",
  });
  await runTool(dir, "vitest", ["run"]);
});
