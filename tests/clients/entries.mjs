// Prints where docs/clients.md puts new entries.
import { newEntries } from "./lists.mjs";

console.log(JSON.stringify(newEntries));
