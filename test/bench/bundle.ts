/** A program of the benchmarks as one file, so that it starts at once and nothing is translated in it. */
import { build } from 'esbuild';

/** A program that bundles others, itself among them, finds esbuild only from a folder in `node_modules`. */
export async function bundle(entryPoint: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['esbuild'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire('/');",
    },
    logLevel: 'error',
  });
}
