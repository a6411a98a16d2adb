import type { Ports } from "../bench.js";
import { modulo, signed, testUnit } from "../unit.js";

interface Visit {
  readonly left: number;
  readonly right: number;
  readonly pointer: number;
  readonly y: number;
  readonly weight: number;
  readonly flags: readonly number[];
}

const flagNames = ["first", "last", "edge", "final"];

testUnit({
  module: "snn_walker",
  parameters: [
    { ListAddressBits: 4, ListPointerBits: 5, PointerAddressBits: 4, WeightAddressBits: 6 },
    { ListAddressBits: 11, ListPointerBits: 12, PointerAddressBits: 10, WeightAddressBits: 14 },
    { ListAddressBits: 16, ListPointerBits: 17, PointerAddressBits: 16, WeightAddressBits: 16 },
  ],
  *cycles(
    {
      ListAddressBits = 0,
      ListPointerBits = 0,
      PointerAddressBits: pointerBits = 0,
      WeightAddressBits: weightBits = 0,
    },
    integer,
  ) {
    // few distinct pointers, so that many segments are empty
    const pointers = Array.from({ length: 2 ** pointerBits }, () =>
      integer(0, integer(0, 1) ? 2 : 2 ** ListPointerBits - 1),
    );
    const random = (): Visit => ({
      left: integer(0, 2 ** pointerBits - 1),
      right: integer(0, 2 ** pointerBits - 1),
      pointer: integer(0, 2 ** pointerBits - 1),
      y: integer(0, 9) ? integer(-4, 9) : integer(-512, 511),
      weight: integer(0, 2 ** weightBits - 1),
      flags: flagNames.map(() => integer(0, 1)),
    });
    let pass = { width: 1, height: 1, rows: 1, step: 0 };
    let offered: Visit | undefined;
    let held = random(); // weight and flags hold three enabled cycles
    let hold = 0;
    let walk: { visit: Visit; row: number; right: boolean } | undefined;
    let done: { visit: Visit; row: number } | undefined;
    let segment: Ports | undefined;
    let pointer = 0; // at the memory's output
    let lingering: number | undefined; // the offset, one cycle after its segment was taken
    for (let t = 0; t < 8000; t++) {
      const { width, height, rows, step } = pass;
      const lastRow = walk !== undefined && walk.row >= rows - 1;
      const enable = !(done && segment);
      if (hold === 0) offered ??= integer(0, 2) > 0 ? random() : undefined;
      const take = offered !== undefined && enable && (walk === undefined || (walk.right && lastRow));
      const rst_i = +(integer(0, 299) === 0);
      const segment_take_i = segment && integer(0, 2) ? 1 : 0;
      const shown = offered ?? random();
      const { weight, flags } = hold > 0 ? held : shown;
      const inputs = {
        rst_i,
        source_width_i: width,
        source_height_n_i: 1023 - height,
        kernel_rows_i: rows,
        row_step_i: step,
        visit_valid_i: +(offered !== undefined),
        visit_left_i: shown.left,
        visit_right_i: shown.right,
        visit_pointer_i: shown.pointer,
        visit_y_i: modulo(shown.y, 10),
        visit_weight_i: weight,
        ...Object.fromEntries(flagNames.map((name, k) => [`visit_${name}_i`, flags[k]])),
        pointer_data_i: pointer,
        segment_take_i,
      };
      const address =
        walk &&
        modulo(walk.visit.pointer + walk.row * width + (walk.right ? walk.visit.right : walk.visit.left), pointerBits);
      yield {
        inputs,
        outputs: {
          enable_o: +enable,
          visit_take_o: +take,
          pointer_address_o: address,
          segment_valid_o: +(segment !== undefined),
          segment_offset_o: lingering,
          ...segment,
        },
      };

      lingering = segment_take_i ? (segment!["segment_offset_o"] as number) : undefined;
      const built = done && !segment ? done : undefined;
      if (segment_take_i) segment = undefined;
      if (built) {
        const { visit, row } = built;
        const base = visit.pointer + row * width;
        const [start, end] = [visit.left, visit.right].map((x) => pointers[modulo(base + x, pointerBits)]!);
        const exists = rows > 0 && signed(modulo(visit.y, 10), 10) + row >= 0 && visit.y + row < height;
        const some = exists && start !== end;
        const close = row >= rows - 1;
        const entries = {
          segment_start_o: modulo(start!, ListAddressBits),
          segment_count_o: modulo(end! - start!, ListPointerBits),
        };
        const shownFlags = Object.fromEntries(flagNames.map((name, k) => [`segment_${name}_o`, visit.flags[k]]));
        const offset = { segment_offset_o: modulo(visit.weight + row * step, weightBits) };
        if (some || close)
          segment = {
            ...offset,
            ...(some ? entries : {}),
            segment_some_o: +some,
            segment_close_o: +close,
            ...shownFlags,
          };
      }
      if (enable) {
        done = walk?.right ? { visit: walk.visit, row: walk.row } : undefined;
        pointer = address === undefined ? integer(0, 2 ** ListPointerBits - 1) : pointers[address]!;
        if (hold > 0) hold--;
        if (take) {
          walk = { visit: offered!, row: 0, right: false };
          held = offered!;
          hold = 3;
          offered = undefined;
        } else if (walk?.right && lastRow) walk = undefined;
        else if (walk) walk = { ...walk, right: !walk.right, row: walk.row + +walk.right };
      }
      if (rst_i) {
        walk = done = segment = lingering = undefined;
        hold = 0;
        // the next pass
        pass = {
          width: integer(0, 9),
          height: integer(0, 7),
          rows: integer(0, 5),
          step: integer(0, 2 ** weightBits - 1),
        };
      }
    }
  },
  breaks: [
    ["!no_rows && !beyond[12]", "!beyond[12]"],
    ["{visit_y_i[9], visit_y_i}", "{1'b0, visit_y_i}"],
    ["some || close_q", "some"],
    ["right_phase_q ? right_q : left_q", "left_q"],
    ["first_q ? visit_weight_i : ", ""],
    ["if (first_q) segment_flags_q", "segment_flags_q"],
    ["!(done_q && segment_valid_q)", "!(done_q && segment_valid_q && keep)"],
    ["no_rows || row_q == kernel_rows_i", "row_q == kernel_rows_i"],
    ["done_q          <= 1'b0;", ""],
  ],
});
