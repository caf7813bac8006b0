/**
 * One colour an expression, from the palette of Okabe and Ito (told apart with every common colour blindness), each
 * bright enough for dark text on it. Classes outside the table share the grey of `unknown`.
 */
const colours: Readonly<Record<string, string>> = {
  neutral: "#e3e8ee",
  happy: "#f0e442",
  surprise: "#56b4e9",
  squint: "#f2a72e",
  disgust: "#2fc49a",
  scream: "#ff7a45",
};

const otherColour = "#b4bac2";

/** `#rrggbb` for an expression, `unknown` or any other class. */
export function expressionColour(expression: string): string {
  return colours[expression] ?? otherColour;
}
