// What stands in the way of a release is said, and nothing else.
import assert from "node:assert/strict";
import test from "node:test";
import { obstacles } from "../../scripts/release.mjs";

const owner = { repository: "here", homepage: "here", bugs: "here", security: "somebody" };
const changelog = `# Changelog

## 1.2.0 – 2026-12-24

### Numeric behaviour

- none

### Formats

- none

## 1.1.0 – 2026-11-01
`;

test("a version with its section, headings and owner can be released", () => {
  assert.deepEqual(obstacles({ version: "1.2.0", changelog, owner }), []);
});

test("what is missing is named", () => {
  const of = (version, fields = {}) =>
    obstacles({ version, changelog, owner: { ...owner, ...fields } });
  assert.match(of("1.3.0").join(), /no section "## 1\.3\.0/);
  assert.equal(of("1.1.0").length, 2);
  assert.match(of("1.2.0", { repository: null }).join(), /repository is not filled in/);
});
