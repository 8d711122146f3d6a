/**
 * The column that a field comes from, and what the column holds.
 *
 * - `text`: a text, or a whole number (a key that the database counts up).
 * - `decimal`: an exact number as text, or a whole number. Zeros at its end are dropped, so a `NUMERIC(12,4)` of
 *   `"100.0000"` is an amount of dollars. The engine judges any other number of decimals. A float is refused: select
 *   the column as text.
 * - `day`: a text, or a `Date` that is midnight in `zone`. Drivers differ here: node-postgres and mysql2 return a
 *   `DATE` as midnight on this machine (`"local"`), Prisma returns midnight in UTC (`"utc"`). A `Date` without a `zone`
 *   is refused. A `Date` with a time of day is refused too, because it is an instant, and its day depends on a place
 *   that is not known here.
 * - `boolean`: `true` and `false`, or 1 and 0.
 */
export type ColumnOf<Row> =
  | { readonly text: keyof Row & string }
  | { readonly decimal: keyof Row & string }
  | { readonly day: keyof Row & string; readonly zone?: "utc" | "local" }
  | { readonly boolean: keyof Row & string };

/** The columns that the fields of a request come from. */
export type ColumnsOf<Row> = { readonly [field: string]: ColumnOf<Row> };

/** The object that {@link fromRow} makes of a row. If a column may be `null`, its field may be absent. */
export type FieldsOf<Row, Columns extends ColumnsOf<Row>> = {
  -readonly [F in keyof Columns as IsCertain<Row, Columns[F]> extends true ? F : never]: ValueOf<
    Columns[F]
  >;
} & {
  -readonly [F in keyof Columns as IsCertain<Row, Columns[F]> extends true ? never : F]?: ValueOf<
    Columns[F]
  >;
};

/**
 * Whether a column cannot be `null`. For a row of type `any`, and without strict null checks, TypeScript cannot know and
 * assumes that it cannot.
 */
type IsCertain<Row, Column> = Row[NameOf<Column> & keyof Row] extends infer Value
  ? 0 extends 1 & Value
    ? true
    : null extends Value
      ? null extends 1
        ? true
        : false
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
 * Makes the fields of a request from a row of a database. You say which column each field comes from. Other columns are
 * ignored, and a field whose column is `null` is left out.
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
 * The row can be an object of any class. Throws a `SetoffError` with the name of the column as its `path`:
 * `missingField` if the row does not have the column, and `invalidType`, `invalidDecimal` or `invalidDate` if its value
 * has no meaning for the field. Without a path, `invalidType` says that the row or the columns are not an object.
 */
export function fromRow<Row, const Columns extends ColumnsOf<Row>>(
  row: Row,
  fields: Columns,
): FieldsOf<Row, Columns>;
