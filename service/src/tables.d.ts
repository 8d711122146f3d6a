// The tables, as Kysely knows them. `migrations.js` makes them; `docs/internals/service.md` says what each is for.
import type { ColumnType } from "kysely";

/** JSON goes in as its text and comes out as a value. */
type Json = ColumnType<unknown, string, string>;
/** 64-bit numbers go in as numbers and come out as texts of PostgreSQL or numbers of PGlite. */
type Whole = ColumnType<string | number, number, number>;

export interface Tables {
  entries: { tenant: string; account: string; version: number; entry: Json };
  heads: { tenant: string; account: string; version: number; rows_version: number };
  snapshots: { tenant: string; account: string; version: number; bytes: Uint8Array };
  documents: {
    tenant: string;
    account: string;
    id: string;
    kind: string;
    number: string;
    currency: string;
    status: string;
    date: string;
    due_date: string | null;
    amount: string;
    applied: string;
    remaining: string;
    created_on: string | null;
    updated_on: string | null;
    row: Json;
  };
  lines: { tenant: string; account: string; document: string; id: string };
  names: {
    tenant: string;
    id: string;
    kind: string;
    number: string;
    account: string;
    former: string[] | null;
    currency: string | null;
    data: Json | null;
  };
  counters: { tenant: string; prefix: string; count: Whole };
  kept: { tenant: string; kind: string; id: string; data: Json; at: Whole };
  effects: {
    tenant: string;
    id: ColumnType<string | number, never, never>;
    name: string | null;
    account: string;
    type: string;
    state: string;
    effect: Json;
    file: Uint8Array | null;
    at: Whole;
  };
  puts: {
    tenant: string;
    fingerprint: string;
    seed: string;
    moment: string;
    process: string;
    broken: boolean;
    at: Whole;
  };
  clients: { id: string; tenant: string; secret: string };
  settings: { name: string; value: string };
}
