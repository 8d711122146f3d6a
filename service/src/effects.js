// What is to be done outside of the books: mail, files and payments that requests leave to the program around the
// engine. A worker takes what is pending and says what came of it.
//
// Effects are written by the statement that writes the entries of their request, so a process that is killed leaves
// both or none. Those of a request that writes no entries are written before it is answered. Each has a name that is
// the same when its request is carried out again, so that it is there once.
import { sql } from "kysely";
import { context } from "./context.js";
import { written } from "./text.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("setoff/rest").RestEffect} RestEffect
 * @typedef {{ name: string, account: string, type: string, text: string, file: string }} Effect As it is written.
 */

/**
 * Lets the next entries of a request be written with its effects.
 * @param {readonly RestEffect[]} effects
 */
export async function planEffects(effects) {
  const request = context.getStore();
  if (request !== undefined) request.effects = await Promise.all(effects.map(effectOf));
}

/**
 * Writes an effect that was not written with entries.
 * @param {Database} database
 * @param {string} tenant
 * @param {RestEffect} effect
 */
export async function keepEffect(database, tenant, effect) {
  if (context.getStore()?.written?.has(effect.id)) return;

  const db = await database.open();
  await insertion(written(tenant), [await effectOf(effect)]).execute(db);
}

/**
 * The statement that inserts effects: `from` says of which rows as many of each come.
 * @param {string} tenant
 * @param {readonly Effect[]} effects
 */
export function insertion(tenant, effects, from = sql`(select) as head`) {
  /** @param {keyof Effect} field */
  const texts = (field) => effects.map((effect) => effect[field]);
  return sql`insert into effects (tenant, name, account, type, state, effect, file, at)
    select ${tenant}, name, given.account, type, 'pending', effect::json, decode(nullif(file, ''), 'base64'), ${Date.now()}::bigint
    from ${from}, unnest(${texts("name")}::text[], ${texts("account")}::text[], ${texts("type")}::text[],
      ${texts("text")}::text[], ${texts("file")}::text[]) as given (name, account, type, effect, file)
    on conflict (tenant, name) do nothing`;
}

/**
 * @param {RestEffect} effect
 * @returns {Promise<Effect>}
 */
async function effectOf({ id, file, ...effect }) {
  const bytes = file === undefined ? Buffer.alloc(0) : Buffer.from(await file.arrayBuffer());
  return {
    name: id,
    account: written(effect.accountId),
    type: effect.type,
    text: JSON.stringify(effect),
    file: bytes.toString("base64"),
  };
}
