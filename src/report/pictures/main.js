// pictures.mjs SPEC_FOLDER PICTURE_FOLDER
// Draws each NAME.json of the one folder as NAME.svg in the other; docs/pictures.md has the format.
// If any of them is bad it says which and why, and writes none.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import "./document.js";
import { picture } from "./picture.js";
import { Fault } from "./schema.js";
import { serialize } from "./serialize.js";
import { check_spec } from "./spec.js";
import { write_if_changed } from "./write.js";

function draw(path) {
  let spec;
  try {
    spec = JSON.parse(readFileSync(path, "utf8"));
  } catch (problem) {
    throw new Fault(`can't be read as JSON: ${problem.message}`);
  }
  check_spec(spec);
  return serialize(picture(spec));
}

function main([specs, pictures, ...rest]) {
  if (pictures === undefined || rest.length > 0) {
    throw new Fault("usage: node pictures.mjs SPEC_FOLDER PICTURE_FOLDER");
  }
  let names;
  try {
    names = readdirSync(specs).filter((name) => name.endsWith(".json")).sort();
  } catch (problem) {
    throw new Fault(`can't list the folder of specs: ${problem.message}`);
  }
  if (names.length === 0) throw new Fault(`${specs} has no *.json`);

  const drawn = new Map(), faults = [];
  for (const name of names) {
    try {
      drawn.set(`${basename(name, ".json")}.svg`, draw(join(specs, name)));
    } catch (problem) {
      if (!(problem instanceof Fault)) throw problem;
      faults.push(`${join(specs, name)}: ${problem.message}`);
    }
  }
  if (faults.length > 0) throw new Fault(faults.join("\n"));
  mkdirSync(pictures, { recursive: true });
  for (const [name, text] of drawn) write_if_changed(join(pictures, name), text);
}

try {
  main(process.argv.slice(2));
} catch (problem) {
  if (!(problem instanceof Fault)) throw problem;
  console.error(problem.message);
  process.exitCode = 1;
}
