// `npm run client -- TENANT`: makes a client of a tenant, and says its secret, once.
import { fileURLToPath } from "node:url";
import { Clients } from "./clients.js";
import { Database } from "./database.js";

const [tenant] = process.argv.slice(2);
if (!/^[\w-]{1,64}$/.test(tenant ?? "")) {
  console.error("usage: npm run client -- TENANT   (letters, digits, - and _)");
  process.exitCode = 2;
} else {
  const folder = process.env.SETOFF_DATA ?? fileURLToPath(new URL("../data", import.meta.url));
  const database = new Database({ url: process.env.DATABASE_URL, folder });
  const { id, secret, key } = await new Clients({ database }).add(tenant);
  console.log(`client id      ${id}\nclient secret  ${secret}\nkey (DayZero)  ${key}`);
  await database.close();
}
