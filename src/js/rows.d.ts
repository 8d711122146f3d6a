/**
 * Which column a field comes from, and what is in it.
 *
 * - `text`: a text, or a whole number (a key that the database counts up).
 * - `decimal`: an exact number as text, or a whole number. Zeros at its end are left out, so that a `NUMERIC(12,4)` of
 *   `"100.0000"` is an amount of dollars; any other number of decimals is for the engine to judge. A float is refused: select
 *   the column as text.
 * - `day`: a text, or a `Date` that is midnight in `zone`. Drivers differ in that: node-postgres and mysql2 make a `DATE`
 *   midnight of this machine (`"local"`), Prisma makes it midnight in UTC (`"utc"`). A `Date` without a `zone` is refused, and
 *   so is one with a time of day: that is an instant, and which day it is there nobody can say here.
 * - `boolean`: `true` and `false`, or 1 and 0.
 */
export type ColumnOf<Row> =
  | { readonly text: keyof Row & string }
  | { readonly decimal: keyof Row & string }
  | { readonly day: keyof Row & string; readonly zone?: "utc" | "local" }
  | { readonly boolean: keyof Row & string };

/** The columns that the fields of a request come from. */
export type ColumnsOf<Row> = { readonly [field: string]: ColumnOf<Row> };

/** What {@link fromRow} makes of a row. Where a column may be `null`, the field may be absent. */
export type FieldsOf<Row, Columns extends ColumnsOf<Row>> = {
  -readonly [F in keyof Columns as IsCertain<Row, Columns[F]> extends true ? F : never]: ValueOf<
    Columns[F]
  >;
} & {
  -readonly [F in keyof Columns as IsCertain<Row, Columns[F]> extends true ? never : F]?: ValueOf<
    Columns[F]
  >;
};

/** Whether a column cannot be `null`; of a row of `any`, nobody knows, and the caller is believed. */
type IsCertain<Row, Column> = Row[NameOf<Column> & keyof Row] extends infer Value
  ? 0 extends 1 & Value
    ? true
    : null extends Value
      ? false
      : true
  : never;

type NameOf<Column> = Column extends { readonly text: infer Name }
  ? Name
  : Column extends { readonly decimal: infer Name }
    ? Name
    : Column extends { readonly day: infer Name }
      ? Name
      : Column extends { readonly boolean: infer Name }
        ? Name
        : never;

type ValueOf<Column> = Column extends { readonly boolean: string } ? boolean : string;

/**
 * Fields of a request from a row of a database. You say which columns they come from; further columns are not looked at,
 * and a field whose column is `null` is left out.
 *
 * ```ts
 * import { fromRow } from "setoff/rows";
 *
 * const item = fromRow(row, {
 *   id: { text: "line_id" },
 *   amount: { decimal: "net" },
 *   serviceStart: { day: "served_from", zone: "local" },
 * });
 * ```
 *
 * The row can be an object of any class. What a column cannot mean is refused by a `SetoffError` with the name of the column
 * as its `path`: `missingField` for a column that the row does not have, `invalidType`, `invalidDecimal`, `invalidDate`.
 */
export function fromRow<Row, const Columns extends ColumnsOf<Row>>(
  row: Row,
  fields: Columns,
): FieldsOf<Row, Columns>;
