import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Board } from "../board/board.js";

/** A serial port of this machine. */
export interface SerialPortEntry {
  /** What `openSerial` takes. */
  readonly path: string;
  /** USB ids, four lower-case hexadecimal digits. */
  readonly vendorId?: string;
  readonly productId?: string;
  readonly serialNumber?: string;
  /** What the device calls itself. */
  readonly product?: string;
  /** Number of the USB interface; boards with two ports have the UART on the second. */
  readonly interface?: number;
  /** Ids of boards with these USB ids and this product. */
  readonly boards: readonly string[];
}

/** Names of devices that are serial ports, on Linux and macOS. */
const portNames = /^(ttyUSB|ttyACM|ttyAMA|cu\.usb|cu\.SLAB|cu\.wchusb)/;

/**
 * Serial ports with the boards that they may belong to, in the order of their paths.
 *
 * @param list Lists ports as `SerialPort.list()`. It needs `udevadm` on Linux; where it fails, `/dev` and `/sys` are read.
 * @param root Folder that `/dev` and `/sys` lie in.
 */
export async function listPorts(
  boards: Iterable<Board>,
  list: () => Promise<readonly ListedPort[]> = listWithPackage,
  root = "/",
): Promise<SerialPortEntry[]> {
  const catalog = [...boards];
  const found = await list().catch(() => scanDevices(root));
  return found
    .filter((port) => port.vendorId !== undefined || portNames.test(port.path.slice(port.path.lastIndexOf("/") + 1)))
    .map((port) => ({ ...port, boards: catalog.filter((board) => matches(board, port)).map(({ id }) => id) }))
    .sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}

/** What is known of a port without the boards. */
export type ListedPort = Omit<SerialPortEntry, "boards">;

async function listWithPackage(): Promise<ListedPort[]> {
  const { SerialPort } = await import("serialport");
  const ports = await SerialPort.list();
  return ports.map(({ path, vendorId, productId, serialNumber, pnpId, manufacturer }) => {
    const number = /-if(\d\d)/.exec(pnpId ?? "")?.[1];
    return {
      path,
      ...(vendorId ? { vendorId: vendorId.toLowerCase() } : {}),
      ...(productId ? { productId: productId.toLowerCase() } : {}),
      ...(serialNumber ? { serialNumber } : {}),
      ...(pnpId || manufacturer ? { product: productOf(pnpId, manufacturer) } : {}),
      ...(number ? { interface: Number(number) } : {}),
    };
  });
}

/** udev names a port after maker and product: `usb-FTDI_Dual_RS232-HS-if00-port0`. */
function productOf(pnpId: string | undefined, manufacturer: string | undefined): string {
  const name = /^usb-(.*?)(_[^_]*)?-if\d\d/.exec(pnpId ?? "")?.[1] ?? "";
  const maker = manufacturer?.replaceAll(" ", "_") ?? "";
  const rest = name.startsWith(`${maker}_`) ? name.slice(maker.length + 1) : name;
  return (rest || maker).replaceAll("_", " ");
}

function scanDevices(root: string): ListedPort[] {
  return names(join(root, "dev"))
    .filter((name) => portNames.test(name))
    .map((name) => ({ path: join(root, "dev", name), ...usbFacts(join(root, "sys/class/tty", name, "device")) }));
}

/** Facts about the USB device that a tty belongs to: the nearest folder above it that has ids. */
function usbFacts(device: string): Partial<ListedPort> {
  let folder: string;
  try {
    folder = realpathSync(device);
  } catch {
    return {};
  }
  let number: string | undefined;
  for (; folder !== dirname(folder); folder = dirname(folder)) {
    number ??= text(folder, "bInterfaceNumber");
    const vendorId = text(folder, "idVendor");
    if (vendorId === undefined) continue;
    const [productId, product, serialNumber] = [
      text(folder, "idProduct"),
      text(folder, "product"),
      text(folder, "serial"),
    ];
    return {
      vendorId,
      ...(productId ? { productId } : {}),
      ...(product ? { product } : {}),
      ...(serialNumber ? { serialNumber } : {}),
      ...(number ? { interface: Number.parseInt(number, 16) } : {}),
    };
  }
  return {};
}

function matches(board: Board, port: ListedPort): boolean {
  const { usb } = board;
  if (!usb || usb.vendorId !== port.vendorId || usb.productId !== port.productId) return false;
  return usb.product === undefined || port.product === undefined || new RegExp(usb.product).test(port.product);
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function text(folder: string, file: string): string | undefined {
  try {
    return readFileSync(join(folder, file), "utf8").trim();
  } catch {
    return undefined;
  }
}
