/** Eigenvalues and eigenvectors of a small symmetric matrix. */

export interface Eigen {
  /** Descending. */
  readonly values: number[];
  /** `vectors[k]` belongs to `values[k]`, length 1. */
  readonly vectors: number[][];
}

const MAX_SWEEPS = 60;

/** Cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5). `matrix` is n × n, symmetric, not changed. */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const size = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const v = a.map((_, row) => Float64Array.from({ length: size }, (__, column) => (row === column ? 1 : 0)));
  const scale = Math.max(...a.map((row, index) => Math.abs(row[index]!)), Number.MIN_VALUE);
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(a) > 1e-12 * scale; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, p, q);
  }
  const order = a.map((_, index) => index).sort((i, j) => a[j]![j]! - a[i]![i]!);
  return {
    values: order.map((index) => a[index]![index]!),
    vectors: order.map((index) => v.map((row) => row[index]!)),
  };
}

function offDiagonal(a: readonly Float64Array[]): number {
  let largest = 0;
  for (let p = 0; p < a.length; p++) {
    for (let q = p + 1; q < a.length; q++) largest = Math.max(largest, Math.abs(a[p]![q]!));
  }
  return largest;
}

function rotate(a: Float64Array[], v: Float64Array[], p: number, q: number): void {
  const apq = a[p]![q]!;
  if (Math.abs(apq) < 1e-300) return;
  const tau = (a[q]![q]! - a[p]![p]!) / (2 * apq);
  const t = Math.sign(tau || 1) / (Math.abs(tau) + Math.hypot(1, tau));
  const cosine = 1 / Math.hypot(1, t);
  const sine = t * cosine;
  for (let k = 0; k < a.length; k++) {
    const row = a[k]!;
    const kp = row[p]!;
    const kq = row[q]!;
    row[p] = cosine * kp - sine * kq;
    row[q] = sine * kp + cosine * kq;
  }
  const rowP = a[p]!;
  const rowQ = a[q]!;
  for (let k = 0; k < a.length; k++) {
    const pk = rowP[k]!;
    const qk = rowQ[k]!;
    rowP[k] = cosine * pk - sine * qk;
    rowQ[k] = sine * pk + cosine * qk;
    const vp = v[k]![p]!;
    const vq = v[k]![q]!;
    v[k]![p] = cosine * vp - sine * vq;
    v[k]![q] = sine * vp + cosine * vq;
  }
}
