/**
 * Fits the shape model to a face, in double precision: what is left of a face after its components are taken out is small, and sums
 * in single precision would lose it. Every sum takes its values in their order, so that the bits are those of shape-fit.ts, where
 * the block is laid out.
 */

const VALUES: usize = 136;

/** Writes d = face − mean, all products of d, its square and the yaw into a block of `tiles` × 8 components. */
export function projectShape(face: usize, block: usize, tiles: i32): void {
  const pairsEnd = block + (VALUES << 4);
  let mean = pairsEnd + 16;
  for (let pair = block; pair < pairsEnd; pair += 16) {
    store<f64>(pair, <f64>load<f32>(face) - load<f64>(mean));
    face += 4;
    mean += 8;
  }
  const sums = mean;
  let components = sums + 16;
  let products = components + <usize>tiles * (VALUES << 6);
  const componentsEnd = products;
  while (components < componentsEnd) {
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    // Every tile sums d² and yaw again: additions wait for those before them, so that one more costs nothing.
    let own = v128.load(pairsEnd);
    for (let pair = block; pair < pairsEnd; pair += 16) {
      const value = v128.load64_splat(pair);
      s0 = f64x2.add(s0, f64x2.mul(value, v128.load(components)));
      s1 = f64x2.add(s1, f64x2.mul(value, v128.load(components, 16)));
      s2 = f64x2.add(s2, f64x2.mul(value, v128.load(components, 32)));
      s3 = f64x2.add(s3, f64x2.mul(value, v128.load(components, 48)));
      own = f64x2.add(own, f64x2.mul(value, v128.load(pair)));
      components += 64;
    }
    v128.store(products, s0);
    v128.store(products, s1, 16);
    v128.store(products, s2, 32);
    v128.store(products, s3, 48);
    v128.store(sums, own);
    products += 64;
  }
}
