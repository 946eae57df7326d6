// Bundles the drawing of pictures into one program that needs nothing but Node.
//   node build.mjs NODE_MODULES_PARENT OUTPUT_MJS
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { load_esbuild } from "../page/esbuild.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [packages, output] = process.argv.slice(2).map((path) => resolve(path));

const esbuild = load_esbuild(packages, (message) => {
  console.error(`pictures: ${message}`);
  process.exit(1);
});
await esbuild.build({
  entryPoints: [join(here, "main.js")],
  nodePaths: [join(packages, "node_modules")],
  outfile: output,
  bundle: true,
  minify: true,
  platform: "node",
  format: "esm",
  charset: "ascii",
  target: ["node18"],
  legalComments: "none",
  loader: { ".css": "text" },
  logLevel: "warning",
});
