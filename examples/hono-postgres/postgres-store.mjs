// The logs of accounts in one table of PostgreSQL: a store for `setoff/host`.

const TABLE = `
  CREATE TABLE IF NOT EXISTS entries (
    account text NOT NULL,
    version integer NOT NULL,
    entry jsonb NOT NULL,
    PRIMARY KEY (account, version)
  )`;

const SELECT = "SELECT entry FROM entries WHERE account = $1 AND version > $2 ORDER BY version";

/** All entries or none, and only behind the last one that the writer knew. */
const INSERT = `
  INSERT INTO entries (account, version, entry)
  SELECT $1, (entry->>'version')::integer, entry FROM jsonb_array_elements($3::jsonb) AS new(entry)
  WHERE $2::integer = (SELECT coalesce(max(version), -1) FROM entries WHERE account = $1)
  RETURNING version`;

/** What PostgreSQL says when another process has written the same version in between. */
const UNIQUE_VIOLATION = "23505";

export class PostgresStore {
  #client;

  /** `client`: anything with the `query(sql, values)` of node-postgres, such as a `Pool` of `pg`, or PGlite. */
  constructor(client) {
    this.#client = client;
  }

  /** Makes the table, if it is not there. */
  async prepare() {
    await this.#client.query(TABLE);
  }

  async entries(account, after) {
    const { rows } = await this.#client.query(SELECT, [account, after]);
    return rows.map(({ entry }) => entry);
  }

  async append(account, version, entries) {
    try {
      const { rows } = await this.#client.query(INSERT, [
        account,
        version,
        JSON.stringify(entries),
      ]);
      return rows.length > 0;
    } catch (error) {
      if (error.code === UNIQUE_VIOLATION) return false;
      throw error;
    }
  }
}
