/** The recipes of all classes. */

import type { Expression } from "@emotionnet/core";
import { disgust } from "./disgust.ts";
import { happy } from "./happy.ts";
import { neutral } from "./neutral.ts";
import { scream } from "./scream.ts";
import { squint } from "./squint.ts";
import { surprise } from "./surprise.ts";
import type { Variant } from "./variant.ts";

export const RECIPES: Readonly<Record<Expression, readonly Variant[]>> = {
  neutral,
  happy,
  surprise,
  squint,
  disgust,
  scream,
};
