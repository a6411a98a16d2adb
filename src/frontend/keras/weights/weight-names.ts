/**
 * The names among `names` that belong to the layer at `path` (names of the models it is nested in, then its own).
 *
 * Weight names are paths, mostly `<layer>/kernel`, with or without the names of models around the layer and of cells
 * inside it. The closest way to match that finds any counts.
 */
export function namesOfLayer(names: readonly string[], path: readonly string[]): readonly string[] {
  const leaf = path.at(-1);
  if (leaf === undefined) return names;
  const whole = `${path.join("/")}/`;
  const ways: ((name: string) => boolean)[] = [
    (name) => name.startsWith(whole),
    (name) => name.startsWith(`${leaf}/`),
    (name) => name.includes(`/${leaf}/`),
  ];
  for (const way of ways) {
    const found = names.filter(way);
    if (found.length > 0) return found;
  }
  return [];
}
