// DayZero: every operation on credit memos as its reference writes it.
import { runCases } from "./dialect.mjs";

runCases("dayzero.json", { authorization: "Bearer dz_test", "x-business-id": "B-1" });
