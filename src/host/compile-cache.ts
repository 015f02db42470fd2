/** What a program loads can be kept compiled from run to run: by Node itself, from 22.8 on. */
import module from 'node:module';

/** Keeps what is loaded from now on, in a folder for temporary files; does nothing where Node cannot. */
export function keepCompiled(): void {
  const { enableCompileCache } = module as { readonly enableCompileCache?: () => unknown };
  enableCompileCache?.();
}
