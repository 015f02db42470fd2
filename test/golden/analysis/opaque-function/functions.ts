export function odd(x: number): number {
  return x % 2;
}
