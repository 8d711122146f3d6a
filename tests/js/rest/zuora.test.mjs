// Zuora v1: every operation on credit memos as its reference writes it, and what a client needs around them.
import { runCases } from "./dialect.mjs";

runCases("zuora-credit-memos.json");
runCases("zuora-around.json");
runCases("zuora-two-accounts.json");
