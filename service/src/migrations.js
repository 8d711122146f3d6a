// The tables, step by step. A step that was released is never changed: what comes later is a new one.
import { sql } from "kysely";
import { COLUMNS } from "./fields.js";

/** @typedef {import("kysely").Kysely<any>} Db */

/**
 * All texts compare by their bytes, as those of the engine do. Every key begins with the tenant; what belongs to an
 * account has the account next, so that both can be what a distributed database is divided by.
 */
const FIRST = [
  // The log of each account, as its book made it, and the version of its last entry. The row of `heads` is locked by
  // whoever appends. `rows_version` is the version of which `documents` has the rows; another one, and they are made
  // anew.
  sql`create table entries (
    tenant text collate "C" not null, account text collate "C" not null, version integer not null,
    entry json not null, primary key (tenant, account, version))`,
  sql`create table heads (
    tenant text collate "C" not null, account text collate "C" not null, version integer not null,
    rows_version integer not null, primary key (tenant, account))`,
  sql`create index heads_behind on heads (tenant, account) where rows_version <> version`,
  sql`create table snapshots (
    tenant text collate "C" not null, account text collate "C" not null, version integer not null,
    bytes bytea not null, primary key (tenant, account))`,
  sql`alter table snapshots alter column bytes set storage external`,

  // The rows of documents as queries of a book return them, with columns for what lists are mostly filtered and
  // ordered by.
  sql`create table documents (
    tenant text collate "C" not null, account text collate "C" not null, id text collate "C" not null,
    ${sql.raw(COLUMNS.map(({ name, type }) => `${name} ${type}`).join(", "))},
    row jsonb not null, primary key (tenant, account, id))`,
  sql`create index documents_by_id on documents (tenant, id)`,
  sql`create index documents_by_number on documents (tenant, kind, number desc, id)`,
  sql`create index documents_by_account on documents (tenant, account, kind, number desc, id)`,
  sql`create index documents_by_date on documents (tenant, kind, date nulls first, number desc, id)`,
  sql`create index documents_by_amount on documents (tenant, kind, amount nulls first, number desc, id)`,
  sql`create index documents_by_update on documents (tenant, kind, updated_on desc nulls last, number desc, id)`,
  // Which account an item or tax item belongs to.
  sql`create table lines (
    tenant text collate "C" not null, account text collate "C" not null, document text collate "C" not null,
    id text collate "C" not null, primary key (tenant, account, document, id))`,
  sql`create index lines_by_id on lines (tenant, id)`,

  // Accounts and documents by identifier and number, and the numbers that were given.
  sql`create table names (
    tenant text collate "C" not null, id text collate "C" not null, kind text collate "C" not null,
    number text collate "C" not null, account text collate "C" not null, former text[], currency text, data json,
    primary key (tenant, id), unique (tenant, kind, number))`,
  sql`create table counters (
    tenant text collate "C" not null, prefix text collate "C" not null, count bigint not null,
    primary key (tenant, prefix))`,
  // Jobs, files and answers to requests with a key; what is to be done outside; requests whose answers were not read.
  sql`create table kept (
    tenant text collate "C" not null, kind text collate "C" not null, id text collate "C" not null,
    data json not null, at bigint not null, primary key (tenant, kind, id))`,
  sql`create index kept_requests on kept (at) where kind = 'keyedRequest'`,
  sql`create table effects (
    tenant text collate "C" not null, id bigint generated always as identity, account text collate "C" not null,
    type text not null, state text not null, effect json not null, file bytea, at bigint not null,
    primary key (tenant, id))`,
  sql`create index effects_to_do on effects (tenant, id) where state = 'pending'`,
  sql`create table puts (
    tenant text collate "C" not null, fingerprint text not null, seed text not null, moment text not null,
    process text not null, broken boolean not null, at bigint not null, primary key (tenant, fingerprint))`,

  // Who may come, and what all processes have in common.
  sql`create table clients (id text primary key, tenant text collate "C" not null, secret text not null)`,
  sql`create table settings (name text primary key, value text not null)`,
];

/** A request that is carried out again names its effects the same, so that each is there once. */
const EFFECTS = [
  sql`alter table effects add column name text collate "C"`,
  sql`create unique index effects_by_name on effects (tenant, name)`,
];

/** @type {Record<string, import("kysely").Migration>} */
export const migrations = {
  "2026-12-01 first tables": {
    async up(/** @type {Db} */ db) {
      for (const statement of FIRST) await statement.execute(db);
    },
  },
  "2026-12-01 names of effects": {
    async up(/** @type {Db} */ db) {
      for (const statement of EFFECTS) await statement.execute(db);
    },
  },
};
