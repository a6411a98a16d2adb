import { isList, isObject, type Json, listMember, member, stringMember } from "../../bytes/json.js";

/** What the producer of a file decides about the meaning of its layers. */
export interface Dialect {
  /** Major version of the Keras that wrote the file; tfjs counts as 2. */
  readonly major: 1 | 2 | 3;
  /** Version as the file states it. */
  readonly version?: string;
  /** Backend as the file states it: `theano`, `tensorflow`, `tensor_flow.js`, `jax` … */
  readonly backend?: string;
}

/** Versions and backend of a file; `stated` are the attributes of an HDF5 file, which come first. */
export function dialectOf(
  topology: Json,
  stated: { version?: string | undefined; backend?: string | undefined },
): Dialect {
  const version = stated.version ?? stringMember(topology, "keras_version");
  const backend = stated.backend ?? stringMember(topology, "backend");
  return {
    major: majorOf(version) ?? majorByLook(topology),
    ...(version === undefined ? {} : { version }),
    ...(backend === undefined ? {} : { backend }),
  };
}

function majorOf(version: string | undefined): 1 | 2 | 3 | undefined {
  if (version === undefined) return undefined;
  if (version.startsWith("tfjs")) return 2;
  const major = Number.parseInt(version, 10);
  return major === 1 || major === 2 || major === 3 ? major : major === 0 ? 1 : undefined;
}

const keras1Names = [
  "border_mode",
  "dim_ordering",
  "nb_filter",
  "inner_activation",
  "output_dim",
  "W_regularizer",
  "p",
];

/** Keras 1 and 3 write member names that Keras 2 never writes. */
function majorByLook(topology: Json): 1 | 2 | 3 {
  const config = member(topology, "config");
  const layers = isList(config) ? config : listMember(config, "layers");
  const configs = layers.map((layer) => member(layer, "config"));
  if (layers.some((layer) => member(layer, "module") !== undefined)) return 3;
  if (configs.some((c) => member(c, "batch_shape") !== undefined || isObject(member(c, "dtype")))) return 3;
  // "output_dim" is a name of Embedding in every version.
  const looksOld = layers.some((layer) =>
    keras1Names.some(
      (name) =>
        member(member(layer, "config"), name) !== undefined &&
        !(name === "output_dim" && stringMember(layer, "class_name") === "Embedding"),
    ),
  );
  return looksOld ? 1 : 2;
}

/** A line like `keras 2.0.4 (theano)`. */
export function producerLine(dialect: Dialect): string {
  const version = dialect.version ?? `${dialect.major}`;
  const name = version.startsWith("tfjs") ? version : `keras ${version}`;
  return dialect.backend === undefined ? name : `${name} (${dialect.backend})`;
}
