/** Refuses writes that name an account twice: which of their entries come first, nothing says. */
export function checkAccounts(writes) {
  const accounts = new Set(writes.map(({ account }) => account));
  if (accounts.size < writes.length)
    throw new TypeError("Each account can be written only once. Put its entries into one list.");
}
