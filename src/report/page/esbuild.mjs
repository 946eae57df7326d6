// The bundler, from the build folder: the packages lie there, so plain `import` would not find them.
import { createRequire } from "node:module";
import { join } from "node:path";

export function load_esbuild(packages, fail) {
  const required = createRequire(join(packages, "package.json"));
  for (const name of ["esbuild", "@observablehq/plot", "@xmldom/xmldom"]) {
    try {
      required.resolve(name);
    } catch {
      fail(`the npm package ${name} is missing below ${packages}; delete that folder and build again`);
    }
  }
  return required("esbuild");
}
