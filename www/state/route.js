// Which view the address names, and which account: `#/settle/sample:studio`.
import { signal } from "@preact/signals";

export const VIEWS = { settle: "Settle", change: "Change a plan", compare: "Compare" };

/** `{ view, key, scenario }` of a fragment; what it does not say is `undefined`. */
export function routeOf(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [view, key] = path.split("/");
  return {
    view: Object.hasOwn(VIEWS, view) ? view : "settle",
    key: key ? decodeURIComponent(key) : undefined,
    scenario: new URLSearchParams(query).get("s") ?? undefined,
  };
}

export const addressOf = (view, key) => `#/${view}${key ? `/${encodeURIComponent(key)}` : ""}`;

export const route = signal(routeOf(location.hash));

addEventListener("hashchange", () => {
  route.value = routeOf(location.hash);
});
