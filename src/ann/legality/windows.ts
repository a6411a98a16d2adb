import type { Padding } from "../nodes/base.js";
import type { ConvNode, ConvTransposeNode } from "../nodes/linear.js";
import type { PoolNode, UpsampleNode } from "../nodes/pool.js";
import type { AttributeRule, Inspector } from "./inspector.js";
import { MAX_ELEMENTS } from "./limits.js";
import { positive, whole, wholes } from "./numbers.js";

function inspectAxes(see: Inspector, spatial: number, lists: Readonly<Record<string, readonly unknown[]>>): void {
  see.require(spatial === 1 || spatial === 2, `${spatial} spatial axes`, "1 or 2");
  for (const [field, list] of Object.entries(lists)) {
    see.require(list.length === spatial, `${field} for ${list.length} axes`, `${spatial} (one a spatial axis)`);
  }
}

function inspectPadding(see: Inspector, padding: Padding): void {
  see.number("padding", padding.flat(), wholes(0));
  see.require(
    padding.every((pair) => pair.length === 2),
    "padding with other than two ends",
    "before and after for each axis",
  );
}

function inspectKernel(node: ConvNode | ConvTransposeNode, see: Inspector): void {
  const spatial = node.kernel.shape.length - 2;
  inspectAxes(see, spatial, { strides: node.strides, padding: node.padding, dilations: node.dilations });
  see.number("strides", node.strides, wholes(1));
  see.number("dilations", node.dilations, wholes(1, 2 ** 16));
  see.number("groups", node.groups, whole(1));
  // A dilated kernel may have to be written out with zeros in between.
  const spread = node.kernel.shape.reduce((product, extent, axis) => {
    return product * (axis < spatial ? (extent - 1) * (node.dilations[axis] ?? 1) + 1 : extent);
  }, 1);
  see.require(spread <= MAX_ELEMENTS, `dilations ${JSON.stringify(node.dilations)}`, "a smaller dilated kernel");
  inspectPadding(see, node.padding);
}

export const inspectConv: AttributeRule<ConvNode> = (node, see) => {
  inspectKernel(node, see);
  const outputs = node.kernel.shape.at(-1) ?? 0;
  see.require(outputs % node.groups === 0, `${outputs} output channels`, `a multiple of ${node.groups} groups`);
  see.shape("bias", node.bias, [outputs]);
};

export const inspectConvTranspose: AttributeRule<ConvTransposeNode> = (node, see) => {
  inspectKernel(node, see);
  const inputs = node.kernel.shape.at(-1) ?? 0;
  see.require(inputs % node.groups === 0, `${inputs} input channels`, `a multiple of ${node.groups} groups`);
  see.require(
    node.outputPadding.length === node.strides.length,
    `output padding for ${node.outputPadding.length} axes`,
    `${node.strides.length}`,
  );
  see.number("output padding", node.outputPadding, wholes(0));
  see.shape("bias", node.bias, [(node.kernel.shape.at(-2) ?? 0) * node.groups]);
};

export const inspectPool: AttributeRule<PoolNode> = (node, see) => {
  const dilations = node.dilations ?? node.size.map(() => 1);
  inspectAxes(see, node.size.length, { strides: node.strides, padding: node.padding, dilations });
  see.number("size", node.size, wholes(1));
  see.number("strides", node.strides, wholes(1));
  see.number("dilations", dilations, wholes(1, 2 ** 16));
  inspectPadding(see, node.padding);
  // A window that sees nothing but padding would have no maximum and no average.
  const reach = node.size.map((size, axis) => (size - 1) * dilations[axis]! + 1);
  const inside = node.padding.every((pair, axis) => Math.max(...pair) < reach[axis]!);
  see.require(inside, `padding ${JSON.stringify(node.padding)}`, `less than the window ${JSON.stringify(reach)}`);
};

export const inspectUpsample: AttributeRule<UpsampleNode> = (node, see) => {
  see.require(node.scales.length > 0, "no scales", "one a spatial axis");
  for (const scale of node.scales) see.number("scale", scale, positive);
};
