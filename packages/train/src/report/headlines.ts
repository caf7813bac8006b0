/** The figures that stand first in every form of the report, with the words for them. */
export const HEADLINES = [
  ["accuracy", "accuracy"],
  ["macro_f1", "macro F1"],
  ["weighted_f1", "weighted F1"],
  ["ece", "ECE"],
  ["brier", "Brier score"],
  ["log_loss", "log-loss"],
] as const;
