export function code(x: number): number {
  return 2 * x + 1;
}
export function dose(n: number): number {
  return 2 * n;
}
