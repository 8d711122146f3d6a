// The pages of the reference that are written from the package's own types: commands, queries, options and presets.
// They are kept in `docs/reference/`, because the package has them too and has no compiler to write them with.
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageDir } from "./build.mjs";

/** Writes the pages. `toolsDir` has TypeScript, whose checker knows the fields of each type. */
export async function referencePages(toolsDir) {
  const ts = createRequire(join(toolsDir, "package.json"))("typescript");
  const reader = new Reader(ts, join(packageDir, "index.d.ts"));
  return {
    "commands.md": commandsPage(reader),
    "queries.md": queriesPage(reader),
    "options.md": optionsPage(reader),
    "presets.md": await presetsPage(reader),
  };
}

/** What TypeScript's checker says of the declarations of a file. */
class Reader {
  #ts;
  #checker;
  #file;

  constructor(ts, path) {
    this.#ts = ts;
    const options = { strict: true, target: ts.ScriptTarget.ES2022, types: [] };
    const program = ts.createProgram([path], options);
    this.#checker = program.getTypeChecker();
    this.#file = program.getSourceFile(path);
  }

  /** The declaration of a name, exported or not. */
  #declaration(name) {
    return this.#file.statements.find((statement) => statement.name?.text === name);
  }

  typeOf(name) {
    return this.#checker.getTypeAtLocation(this.#declaration(name).name);
  }

  /** What is said of a name. */
  comment(name) {
    const symbol = this.#checker.getSymbolAtLocation(this.#declaration(name).name);
    return this.#commentOf(symbol);
  }

  #commentOf(symbol) {
    const parts = symbol.getDocumentationComment(this.#checker);
    return this.#ts.displayPartsToString(parts).replace(/\{@link (\w+)\}/g, "`$1`");
  }

  /** The fields of a type: `{ name, isOptional, type, comment }`. */
  fields(type) {
    return this.#checker.getPropertiesOfType(type).map((symbol) => {
      const type = this.#checker.getTypeOfSymbol(symbol);
      return {
        ...{ name: symbol.name, comment: this.#commentOf(symbol), valueType: type },
        isOptional: (symbol.flags & this.#ts.SymbolFlags.Optional) !== 0,
        type: this.#written(symbol) ?? this.#checker.typeToString(type),
      };
    });
  }

  /** The type of a field as it was written, without what every list has. */
  #written(symbol) {
    const node = symbol.declarations?.[0]?.type;
    return node
      ?.getText()
      .replace(/\breadonly /g, "")
      .replace(/\s+/g, " ")
      .replace(/^\| /, "");
  }

  /** The members of a union; of any other type, itself. */
  members(type) {
    return type.isUnion() ? type.types : [type];
  }

  /** The names that the parts of a union have where it is declared. */
  parts(name) {
    const { type } = this.#declaration(name);
    return (type.types ?? [type]).map((node) => ({
      name: node.getText(),
      type: this.#checker.getTypeFromTypeNode(node),
    }));
  }
}

const NOTE = "<!-- Written by scripts/reference.mjs from the types of the package. -->";

/** A text in a cell of a table. */
const cell = (text) =>
  text.replace(/\n- /g, "<br>• ").replace(/\s+/g, " ").replace(/\|/g, "\\|").trim();

const code = (text) => `\`${text.replace(/\|/g, "\\|")}\``;

function fieldTable(fields) {
  const rows = fields.map(
    ({ name, isOptional, type, comment }) =>
      `| ${code(name)} | ${isOptional ? "" : "•"} | ${code(type)} | ${cell(comment)} |`,
  );
  return ["| field | needed | type | |", "|---|---|---|---|", ...rows].join("\n");
}

function commandsPage(reader) {
  const sections = reader.parts("Command").map(({ name, type }) => {
    const members = reader.members(type);
    const types = new Set(members.flatMap((member) => typeNames(reader, member)));
    const heading = [...types].map((type) => code(type)).join(", ");
    const fields = fieldsOfAll(reader, members).filter(({ name }) => name !== "type");
    return `## ${name}\n\n\`type\`: ${heading}\n\n${reader.comment(name)}\n\n${fieldTable(fields)}`;
  });
  const introduction =
    "Plain objects for `book.execute`, `preview`, `explain` and `sums`. `at` is the day from which one counts. " +
    'An amount is text, such as `"12.30"`.';
  return [`# Commands\n\n${NOTE}\n\n${introduction}`, ...sections, ""].join("\n\n");
}

/**
 * The fields of a command that is about documents of several kinds. Its members differ in the field that names the
 * document: each of these fields is a row, which says the commands that have it.
 */
function fieldsOfAll(reader, members) {
  const names = members.map((member) => new Set(reader.fields(member).map(({ name }) => name)));
  const isShared = ({ name }) => names.every((known) => known.has(name));
  const documents = new Map();
  for (const member of members) {
    for (const field of reader.fields(member).filter((field) => !isShared(field))) {
      const row = documents.get(field.name) ?? { ...field, types: [] };
      row.types.push(...typeNames(reader, member));
      documents.set(field.name, row);
    }
  }

  const [first, ...others] = [...documents.values()].map(({ types, ...field }) => ({
    ...field,
    comment: `${saidOf(field)} For ${types.map(code).join(", ")}.`,
  }));

  // They stand together, in the place of the first.
  return reader
    .fields(members[0])
    .flatMap((field) =>
      field.name === first?.name ? [first, ...others] : { ...field, comment: saidOf(field) },
    );
}

/** What is said of a field. The ones that every command has say nothing by themselves. */
function saidOf({ name, comment }) {
  if (comment) return comment;
  if (name === "at") return "The day from which it counts.";
  if (/(Id|Number)$/.test(name)) return "Names the document: its id or its number.";
  return "";
}

function typeNames(reader, type) {
  const { valueType } = reader.fields(type).find(({ name }) => name === "type");
  return reader.members(valueType).map(({ value }) => value);
}

/** The fields of a kind, of which some stand in a `row` by themselves, and the others where they are asked for. */
function queryTable(reader, fields, row) {
  const names = reader.members(row).flatMap((member) => reader.fields(member));
  const shown = new Set(names.map(({ name }) => name));
  const rows = fields.map(({ name, comment }) => {
    const isShown = shown.has(name) ? "•" : "asked";
    return `| ${code(name)} | ${isShown} | ${cell(comment)} |`;
  });
  return ["| field | shown | |", "|---|---|---|", ...rows].join("\n");
}

function queriesPage(reader) {
  const shown = new Map(reader.fields(reader.typeOf("Rows")).map((field) => [field.name, field]));
  const kinds = reader.fields(reader.typeOf("AllFields")).map(({ name, valueType }) => {
    const { comment, valueType: row } = shown.get(name);
    const table = queryTable(reader, reader.fields(valueType), row);
    return [`## ${name}`, comment, table].filter(Boolean).join("\n\n");
  });
  const introduction =
    "Rows of one kind (`of`), for `book.query` and `book.all`. A field that is *asked* for stands in a row only if " +
    "`fields` has it; filters and orders can use all. How these and pages work is in [lists](../guides/lists.md).";
  return [`# Queries\n\n${NOTE}\n\n${introduction}`, ...kinds, ""].join("\n\n");
}

const OPTIONS = {
  BookOptions: "new Book(options)",
  CurrencyDefinition: "currencies: [definition]",
  ExecuteOptions: "book.execute(command, options)",
  Spread: "rule and what goes with it, in commands that settle",
};

function optionsPage(reader) {
  const sections = Object.entries(OPTIONS).map(([name, use]) => {
    const table = fieldTable(reader.fields(reader.typeOf(name)));
    return [`## ${name}`, code(use), reader.comment(name), table].join("\n\n");
  });
  return [`# Options\n\n${NOTE}`, ...sections, ""].join("\n\n");
}

async function presetsPage(reader) {
  const { prorationPresets } = await import("../pkg/node.mjs");
  const presets = prorationPresets();
  const [{ terms: defaults }] = presets;
  const rows = presets.map(({ name, checked, terms }) => {
    const differing = Object.entries(terms).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(defaults[field]),
    );
    const shown = differing.map(([field, value]) => code(`${field}: ${JSON.stringify(value)}`));
    return `| ${code(name)} | ${shown.join(", ")} | ${cell(checked)} |`;
  });

  const methods = reader
    .members(reader.typeOf("AllocationPreset"))
    .map(({ value }) => `- ${code(value)}`);

  return [
    `# Presets\n\n${NOTE}`,
    "## Terms of proration\n\n`terms: NAME` in `prorate`, `previewChange` and `changePlan`. " +
      "The default of each term is that of `default` ([types](../api/index.md)). " +
      "`prorationPresets()` returns all terms of each preset.",
    ["| preset | differs from `default` in | checked |", "|---|---|---|", ...rows].join("\n"),
    "## Methods of splitting\n\n`method: { preset: NAME }` in `allocate`.",
    methods.join("\n"),
    "",
  ].join("\n\n");
}
