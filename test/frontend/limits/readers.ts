import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Json } from "../../../src/frontend/bytes/json.js";
import { loadEvents } from "../../../src/frontend/data/event/load-events.js";
import { loadLabels, loadSamples } from "../../../src/frontend/data/load.js";
import { loadFile } from "../../../src/frontend/load.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { npy, zip } from "../data/files.js";
import { png } from "../data/png-file.js";
import { altered, damaged } from "../mutation.js";

/** A reader with real files; `damage` writes a damaged copy of one into a folder, and gives its path and size. */
export interface FuzzedReader {
  readonly name: string;
  /** Damaged copies to read. A damaged HDF5 file may cost its whole time limit of 4 s, so there are fewer. */
  readonly count: number;
  readonly damage: (folder: string, random: () => number) => { readonly path: string; readonly bytes: number };
  readonly read: (path: string) => Promise<unknown>;
}

const material = "../shared/material";
const fixtures = "test/frontend/fixtures";

/** Files of the material and of the fixtures; those that are not there are left out. */
function files(...paths: readonly string[]): readonly Uint8Array[] {
  return paths.filter((path) => existsSync(path)).map((path) => readFileSync(path));
}

function reader(
  name: string,
  count: number,
  file: string,
  originals: readonly Uint8Array[],
  read: (path: string) => Promise<unknown>,
): FuzzedReader {
  const damage = (folder: string, random: () => number) => {
    const bytes = damaged(originals[Math.floor(random() * originals.length)]!, random);
    const path = join(folder, file);
    writeFileSync(path, bytes);
    return { path, bytes: bytes.length };
  };
  return { name, count, damage, read };
}

const model = (name: string, count: number, ...paths: readonly string[]): FuzzedReader =>
  reader(name, count, "model", files(...paths), (path) => loadFile(path));

/** A model.json with altered members beside whole weights, or the other way round. */
function tfjs(): FuzzedReader {
  const folder = existsSync(`${material}/tfjs`) ? `${material}/tfjs/tfjs_e2e_layers_model` : "examples/digits";
  const text = readFileSync(join(folder, "model.json"), "utf8");
  const json = JSON.parse(text) as Json;
  const paths = (JSON.parse(text) as { weightsManifest: { paths: string[] }[] }).weightsManifest.flatMap(
    (g) => g.paths,
  );
  const weights = paths.map((path) => [path, readFileSync(join(folder, path))] as const);
  const damage = (target: string, random: () => number) => {
    const isJson = random() < 0.7;
    let bytes = 0;
    const put = (path: string, content: Uint8Array) => {
      writeFileSync(join(target, path), content);
      bytes += content.length;
    };
    for (const [path, content] of weights) put(path, isJson ? content : damaged(content, random));
    const twice = random() < 0.5 ? altered(json, random) : json;
    put("model.json", new TextEncoder().encode(isJson ? JSON.stringify(altered(twice, random)) : text));
    return { path: join(target, "model.json"), bytes };
  };
  return { name: "TensorFlow.js", count: 300, damage, read: (path) => loadFile(path) };
}

const values = Uint8Array.from({ length: 6000 }, (_, i) => (i * 37) % 251);
const image = png({
  width: 100,
  height: 60,
  depth: 8,
  type: 0,
  pixelBytes: 1,
  rows: Array.from({ length: 60 }, (_, y) => [...values.subarray(100 * y, 100 * y + 100)]),
  filters: Array.from({ length: 60 }, (_, y) => y % 5),
});
const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 100, 0, 0, 0, 10, 0, 0, 0, 6, ...values);
const table = new TextEncoder().encode(
  `a,b,label\n${Array.from({ length: 300 }, (_, i) => `${i},${i / 7},${i % 3}`).join("\n")}\n`,
);
const arrays = [npy("|u1", false, [100, 60], values), npy("<f4", true, [50, 30], values)];
/** Samples and labels; refused when neither can be read. */
const data = async (path: string): Promise<void> => {
  const both = await Promise.allSettled([loadSamples(path), loadLabels(path)]);
  const reasons = both.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  const crash = reasons.find((reason) => !(reason instanceof SpikewrightError));
  if (crash !== undefined) throw crash;
  if (reasons.length === both.length) throw reasons[0];
};

/** Every reader of model and data files. */
export const fuzzedReaders = (): readonly FuzzedReader[] => [
  model(
    "Keras .h5",
    60,
    ...["nested", "frames", "recurrent", "words"].map((name) => `${fixtures}/keras3/${name}.h5`),
    `${material}/keras/snn_toolbox/lenet5_98.96.h5`,
    `${material}/keras/ecg_recurrent_zabir/gru.h5`,
  ),
  model(".keras", 200, ...["nested", "frames", "words", "cnn"].map((name) => `${fixtures}/keras3/${name}.keras`)),
  model(
    "ONNX",
    500,
    ...["mnist-8/mnist-8.onnx", "lenet5_ccoltong/lenet.onnx", "qonnx_tfc/TFC_2W2A.onnx"].map(
      (name) => `${material}/onnx-models/${name}`,
    ),
    `${material}/onnx-backend-tests/node/test_lstm_with_peepholes/model.onnx`,
    `${material}/onnx-backend-tests/node/test_layer_normalization_4d_axis1_expanded/model.onnx`,
    `${material}/onnx-backend-tests/node/test_scan_sum/model.onnx`,
  ),
  model(
    "NIR",
    60,
    ...["lif_norse", "braille_noDelay_bias_zero", "cnn_sinabs"].map((name) => `${material}/nir/${name}.nir`),
  ),
  tfjs(),
  reader("IDX", 250, "a.idx", [idx], data),
  reader("IDX in gzip", 250, "a.idx.gz", [gzipSync(idx)], data),
  reader("NumPy", 250, "a.npy", arrays, data),
  reader("NumPy archives", 250, "a.npz", [zip(arrays.map((array, k) => [`${"xy"[k]}.npy`, array] as const))], data),
  reader("CSV", 250, "a.csv", [table], data),
  reader("PNG", 250, "a.png", [image], loadSamples),
  reader(
    "N-MNIST",
    400,
    "a.bin",
    [Uint8Array.from({ length: 5000 }, (_, i) => (i % 5 < 2 ? i % 34 : i % 256))],
    loadEvents,
  ),
  reader("Spiking Heidelberg", 30, "events.h5", files(`${fixtures}/events.h5`), loadEvents),
];
