/** Vectors as an array parameter: `${halfvecArray(vectors)}::halfvec[]`. */
export function halfvecArray(vectors: readonly Float32Array[]): string[] {
  return vectors.map((vector) => `[${vector.join(',')}]`);
}
