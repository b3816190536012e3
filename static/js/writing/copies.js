// A copy of what is typed in this browser, for when the server cannot save it.

import { keys, read, readText, SESSION, write, writeText } from "../helpers.js";

const EVERY = 1000;
const PREFIX = "article-copy:";
const DAYS = 30;

function tabId() {
  const id = readText("tab", SESSION) ?? Math.random().toString(36).slice(2);
  writeText("tab", id, SESSION);
  return id;
}

export class Copies {
  // `name` is of the article: its key, or of a new one the tab that it was begun in.
  constructor(name) {
    this.name = name;
    this.timer = null;
    this.tab = tabId();
  }

  get key() {
    return `${PREFIX}${this.name}:${this.tab}`;
  }

  // Store the entries and labels that the function returns, at most once a second.
  later(content) {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      const [entries, labels] = content();
      write(this.key, { at: Date.now(), entries, labels });
    }, EVERY);
  }

  remove(key = this.key) {
    clearTimeout(this.timer);
    this.timer = null;
    write(key, null);
  }

  // A new article got its key.
  rename(name) {
    const copy = read(this.key);
    this.remove();
    this.name = name;
    if (copy) write(this.key, copy);
  }

  // Copies of this article in this browser, newest first. Old ones are removed.
  found() {
    const copies = keys(PREFIX).map((key) => ({ key, ...read(key) }));
    const isOld = (copy) => !(copy.at > Date.now() - DAYS * 86_400_000);
    for (const copy of copies.filter(isOld)) this.remove(copy.key);
    return copies
      .filter((copy) => !isOld(copy) && copy.key.startsWith(`${PREFIX}${this.name}:`))
      .sort((one, other) => other.at - one.at);
  }
}
