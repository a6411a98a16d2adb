import { failure } from "../../../support/diagnostic.js";
import { readWhole } from "../../bytes/file.js";
import { listSampleFiles } from "../folder.js";
import { checkExtents, damagedData, type Samples } from "../samples.js";
import { decodePng, type Image, isPng } from "./png.js";

/**
 * Read a folder of PNG images of one size: `[height, width]` for gray, `[height, width, 3]` for colour. Sub-folders are
 * classes, see `listSampleFiles`.
 *
 * @throws `images-differ` when sizes, channels or ranges differ, and those of `decodePng` and `listSampleFiles`.
 */
export async function readImageFolder(folder: string, limit?: number): Promise<Samples> {
  const files = await listSampleFiles(folder, ".png", limit);
  const first = await readImage(files.paths[0]!);
  const shape = shapeOf(first);
  const size = first.data.length;
  const data = new Float32Array(checkExtents([files.paths.length, ...shape], folder));
  for (const [i, path] of files.paths.entries()) {
    const image = i === 0 ? first : await readImage(path);
    if (shapeOf(image).join() !== shape.join() || image.isByte !== first.isByte) {
      throw failure({
        code: "images-differ",
        message: `Cannot use "${path}": it has shape [${shapeOf(image).join(", ")}], wanted [${shape.join(", ")}] as "${files.paths[0]}"`,
        place: { file: path },
        hint: "Give all images the same size, colours and bits",
      });
    }
    data.set(image.data, i * size);
  }
  return {
    kind: "dense",
    count: files.paths.length,
    shape,
    data,
    isByte: first.isByte,
    ...(files.labels ? { labels: files.labels } : {}),
  };
}

/** Read one PNG file. */
export async function readImage(path: string): Promise<Image> {
  const bytes = await readWhole(path);
  if (!isPng(bytes)) throw damagedData(path, "it is no PNG image");
  return decodePng(bytes, path);
}

/** `[height, width]` or `[height, width, 3]`. */
export function shapeOf(image: Image): readonly number[] {
  return image.channels === 1 ? [image.height, image.width] : [image.height, image.width, 3];
}
