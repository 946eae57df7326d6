// Bundles the page into one HTML template and writes it as a C++ source.
//   node build.mjs NODE_MODULES_PARENT OUTPUT_CPP
// The C++ side puts the race document where the template says @DATA@.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [packages, output] = process.argv.slice(2).map((path) => resolve(path));

function fail(message) {
  console.error(`report page: ${message}`);
  process.exit(1);
}

// The packages lie in the build folder, so plain `import` would not find them from here.
const required = createRequire(join(packages, "package.json"));
for (const name of ["esbuild", "@observablehq/plot"]) {
  try {
    required.resolve(name);
  } catch {
    fail(`the npm package ${name} is missing below ${packages}; delete that folder and build again`);
  }
}
const esbuild = required("esbuild");

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
const style = await esbuild.transform(readFileSync(join(here, "style.css"), "utf8"), {
  loader: "css",
  minify: true,
});

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
