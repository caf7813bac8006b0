/** What differs from person to person and is no landmark: colours and hair, chosen by seed. */

export interface Look {
  readonly skin: SkinTone;
  readonly hair: string;
  readonly hairStyle: "short" | "long" | "tied";
  readonly iris: string;
  readonly clothes: string;
  readonly background: readonly [light: string, dark: string];
}

export interface SkinTone {
  readonly light: string;
  readonly base: string;
  readonly shade: string;
  readonly deep: string;
  readonly lip: string;
}

const skins: readonly SkinTone[] = [
  { light: "#fbe3d2", base: "#efc8ae", shade: "#c98f72", deep: "#8a5340", lip: "#c0675f" },
  { light: "#f6d7bd", base: "#e3b491", shade: "#b98058", deep: "#7a4a32", lip: "#b25a50" },
  { light: "#eac7a4", base: "#d0a077", shade: "#a06c46", deep: "#683f29", lip: "#a4554a" },
  { light: "#d9ab82", base: "#b98358", shade: "#885533", deep: "#54311f", lip: "#90473e" },
  { light: "#b98560", base: "#96623f", shade: "#6a4029", deep: "#3e2417", lip: "#7c3d38" },
  { light: "#96674a", base: "#75492f", shade: "#50301f", deep: "#2e1a12", lip: "#6a3433" },
];
const darkHair = ["#1d1714", "#2e211a", "#4a3021"];
const anyHair = [...darkHair, "#7b5433", "#b98d55", "#8c4a2b", "#8d8984"];
const irises = ["#5b3a20", "#3f2a1a", "#5c7a8c", "#5f7850", "#7a6238"];
const clothes = ["#37485c", "#6b3e46", "#3f5a4a", "#4b4a58", "#80693e", "#2f5964"];
const backgrounds = [
  ["#d8e0e6", "#a9b6c1"],
  ["#e6ddd0", "#bfb09b"],
  ["#d5e2d8", "#a3b8aa"],
  ["#e2d8e2", "#b5a5b8"],
  ["#dfe3d2", "#b3b99b"],
] as const;
const hairStyles = ["short", "long", "tied"] as const;

/** The same look for the same seed. */
export function lookOf(seed: number): Look {
  const skin = pick(skins, seed, 1);
  return {
    skin,
    hair: pick(skins.indexOf(skin) > 2 ? darkHair : anyHair, seed, 2),
    hairStyle: pick(hairStyles, seed, 3),
    iris: pick(skins.indexOf(skin) > 2 ? irises.slice(0, 2) : irises, seed, 4),
    clothes: pick(clothes, seed, 5),
    background: pick(backgrounds, seed, 6),
  };
}

function pick<Item>(items: readonly Item[], seed: number, trait: number): Item {
  return items[mix(seed * 8 + trait) % items.length]!;
}

/** Scatters an integer over 32 bits (the finishing steps of MurmurHash3, public domain). */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
