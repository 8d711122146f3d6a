// An embedded database has one process: a second one would write over what the first has in memory.
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Problem } from "./problem.js";

/** The folders that this process has taken. @type {Set<string>} */
const taken = new Set();

/**
 * Takes a folder for this process, and returns what gives it back. A process that was killed has left its mark, which
 * counts for nothing.
 * @param {string} folder
 */
export async function lockFolder(folder) {
  const mark = join(resolve(folder), "process.pid");
  if (taken.has(mark)) throw inUse(folder, process.pid);
  taken.add(mark);

  // The mark appears with its content, never before it.
  const draft = `${mark}.${process.pid}`;
  await writeFile(draft, `${process.pid}`);
  try {
    await putMark(draft, mark, folder);
  } catch (error) {
    taken.delete(mark);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }

  return async () => {
    await rm(mark, { force: true });
    taken.delete(mark);
  };
}

/**
 * @param {string} draft
 * @param {string} mark
 * @param {string} folder
 */
async function putMark(draft, mark, folder) {
  for (;;) {
    try {
      return await link(draft, mark);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }

    const holder = Number(await readFile(mark, "utf8").catch(() => ""));
    if (isAlive(holder)) throw inUse(folder, holder);
    await rm(mark, { force: true });
  }
}

/**
 * @param {string} folder
 * @param {number} pid
 */
const inUse = (folder, pid) =>
  new Problem(
    `The folder ${folder} is in use by process ${pid}. An embedded database has one process; several need a server ` +
      "(DATABASE_URL).",
  );

/** @param {number} pid */
function isAlive(pid) {
  // The number of a process that is no more may be ours now, as in a container.
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;

  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** @param {unknown} error */
const codeOf = (error) => /** @type {{ code?: string }} */ (error).code;
