// Bundles the page into one HTML template and writes it as a C++ source.
//   node build.mjs NODE_MODULES_PARENT OUTPUT_CPP
// The C++ side puts the race document where the template says @DATA@.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { load_esbuild } from "./esbuild.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [packages, output] = process.argv.slice(2).map((path) => resolve(path));

function fail(message) {
  console.error(`report page: ${message}`);
  process.exit(1);
}

const esbuild = load_esbuild(packages, fail);

const bundle = await esbuild.build({
  entryPoints: [join(here, "js/main.js")],
  nodePaths: [join(packages, "node_modules")],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  charset: "ascii",
  target: ["es2021"],
  legalComments: "none",
});
const sheets = ["palette.css", "style.css"].map((name) => readFileSync(join(here, name), "utf8"));
const style = await esbuild.transform(sheets.join(""), { loader: "css", minify: true });

// Inside <script> these would end the element or open a comment.
const script = bundle.outputFiles[0].text.trim();
if (/<\/script|<!--/i.test(script)) fail("the bundle holds a sequence that HTML would interpret");

const hash = createHash("sha256").update(script).digest("base64");
const page = readFileSync(join(here, "page.html"), "utf8")
  .replace("@SCRIPT_HASH@", () => hash)
  .replace("@STYLE@", () => style.code.trim())
  .replace("@SCRIPT@", () => script);
const [head, tail, ...rest] = page.split("@DATA@");
if (tail === undefined || rest.length > 0) fail("page.html must hold @DATA@ exactly once");

const delimiter = "syncline_page";
if (page.includes(`)${delimiter}"`)) fail("the page holds the delimiter of the C++ literal");
const literal = (text) => `R"${delimiter}(${text})${delimiter}"`;
writeFileSync(
  output,
  `// Written by src/report/page/build.mjs.
#include "report/page_template.hpp"

namespace syncline {
const std::string_view page_head = ${literal(head)};
const std::string_view page_tail = ${literal(tail)};
}  // namespace syncline
`,
);
