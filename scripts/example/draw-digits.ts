import { seededRandom } from "../../src/support/random.js";

/** Side of a drawn image, pixels. */
export const imageSide = 16;

type Point = readonly [x: number, y: number];

/** Pen strokes of each digit in the unit square, y downwards. */
const strokes: readonly (readonly (readonly Point[])[])[] = [
  [arc(0.5, 0.5, 0.26, 0.38, 0, 360)],
  [
    [
      [0.36, 0.26],
      [0.54, 0.12],
      [0.54, 0.88],
    ],
  ],
  [[...arc(0.5, 0.33, 0.24, 0.21, 190, 400), [0.28, 0.88], [0.76, 0.88]]],
  [[...arc(0.47, 0.31, 0.23, 0.19, 200, 450), ...arc(0.47, 0.69, 0.26, 0.2, 270, 520)]],
  [
    [
      [0.6, 0.12],
      [0.24, 0.62],
      [0.78, 0.62],
    ],
    [
      [0.62, 0.4],
      [0.62, 0.9],
    ],
  ],
  [[[0.72, 0.12], [0.34, 0.12], [0.31, 0.46], ...arc(0.48, 0.65, 0.25, 0.23, 240, 510)]],
  [[[0.64, 0.12], [0.36, 0.42], ...arc(0.5, 0.67, 0.22, 0.21, 200, 560)]],
  [
    [
      [0.26, 0.13],
      [0.74, 0.13],
      [0.44, 0.88],
    ],
  ],
  [arc(0.5, 0.31, 0.19, 0.18, 0, 360), arc(0.5, 0.69, 0.23, 0.2, 0, 360)],
  [[...arc(0.5, 0.34, 0.21, 0.21, 20, 380), [0.68, 0.5], [0.56, 0.9]]],
];

function arc(cx: number, cy: number, rx: number, ry: number, fromDegrees: number, toDegrees: number): Point[] {
  const points = 24;
  return Array.from({ length: points + 1 }, (_, i): Point => {
    const angle = ((fromDegrees + ((toDegrees - fromDegrees) * i) / points) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });
}

export interface DrawnDigits {
  /** `[count, imageSide, imageSide]`, 0..255. */
  readonly images: Uint8Array;
  /** Class 0..9 of each image. */
  readonly labels: Uint8Array;
}

/**
 * Draw `count` digits with a pen of random width, slant, size, place and jitter.
 *
 * @param seed Same seed, same images.
 */
export function drawDigits(count: number, seed: number): DrawnDigits {
  const random = seededRandom(seed);
  const images = new Uint8Array(count * imageSide * imageSide);
  const labels = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const digit = Math.floor(random() * 10);
    labels[n] = digit;
    drawOne(images.subarray(n * imageSide * imageSide, (n + 1) * imageSide * imageSide), strokes[digit]!, random);
  }
  return { images, labels };
}

function drawOne(pixels: Uint8Array, digit: readonly (readonly Point[])[], random: () => number): void {
  const spread = (width: number): number => (random() + random() - 1) * width;
  const angle = spread(0.38);
  const [scaleX, scaleY, slant] = [0.92 + spread(0.26), 0.92 + spread(0.2), spread(0.38)];
  const [shiftX, shiftY] = [spread(0.16), spread(0.14)];
  const penRadius = 0.045 + random() * 0.04;
  const ink = 0.75 + random() * 0.25;
  const place = ([x, y]: Point): Point => {
    const [u, v] = [(x - 0.5) * scaleX + (y - 0.5) * slant + spread(0.035), (y - 0.5) * scaleY + spread(0.035)];
    return [
      0.5 + shiftX + u * Math.cos(angle) - v * Math.sin(angle),
      0.5 + shiftY + u * Math.sin(angle) + v * Math.cos(angle),
    ];
  };
  const lines = digit.map((stroke) => stroke.map(place));
  for (let row = 0; row < imageSide; row++) {
    for (let column = 0; column < imageSide; column++) {
      const [x, y] = [(column + 0.5) / imageSide, (row + 0.5) / imageSide];
      let nearest = Number.POSITIVE_INFINITY;
      for (const line of lines) {
        for (let i = 1; i < line.length; i++) nearest = Math.min(nearest, distance(x, y, line[i - 1]!, line[i]!));
      }
      const coverage = Math.min(1, Math.max(0, (penRadius - nearest) * imageSide + 0.5));
      const noise = random() < 0.02 ? random() * 0.3 : 0;
      pixels[row * imageSide + column] = Math.round(255 * Math.min(1, coverage * ink + noise));
    }
  }
}

function distance(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
