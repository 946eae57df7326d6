// Files that are there whole or not at all, and keep their age if nothing in them changes.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

export function write_if_changed(path, text) {
  try {
    if (readFileSync(path, "utf8") === text) return;
  } catch (problem) {
    if (problem.code !== "ENOENT") throw problem;
  }
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (problem) {
    rmSync(draft, { force: true });
    throw problem;
  }
}
