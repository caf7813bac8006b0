/** The constant numbers of an ONNX graph, wherever it keeps them. */

import { fromFloat16, type OnnxModel, type TensorData } from "@emotionnet/onnx";

/** Numbers with a shape, row by row. */
export interface Constant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** Operators that hand a constant on with the same numbers. */
const carriers = ["Identity", "Cast"];

/** Constants by the names under which operators take them; float16 and float64 become float32, others are left out. */
export function constantsOf({ initialisers, nodes }: OnnxModel): Map<string, Constant> {
  const constants = new Map<string, Constant>();
  const add = (name: string, tensor: TensorData) => {
    const values = numbersOf(tensor);
    if (values) constants.set(name, { name, dims: tensor.dims, values });
  };
  for (const initialiser of initialisers) add(initialiser.name, initialiser);
  for (const { opType, inputs, outputs, attributes } of nodes) {
    const value = attributes.value;
    if (opType === "Constant" && value && "tensor" in value) add(outputs[0]!, value.tensor);
    const carried = carriers.includes(opType) ? constants.get(inputs[0]!) : undefined;
    if (carried) constants.set(outputs[0]!, carried);
  }
  return constants;
}

function numbersOf({ type, data }: TensorData): Float32Array | undefined {
  if (type === "float32") return data as Float32Array;
  if (type === "float16") return fromFloat16(data as Uint16Array);
  if (type === "float64") return Float32Array.from(data as Float64Array);
  return undefined;
}
