// Zuora Quickstart: every operation on credit memos and debit memos as its reference writes it.
import { runCases } from "./dialect.mjs";

runCases("quickstart.json");
