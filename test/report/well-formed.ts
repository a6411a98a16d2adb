/**
 * What keeps `text` from being well-formed XML after its doctype: undefined, or the first fault. Knows elements,
 * attributes in double quotes and the five named characters; that is all the pages use.
 */
export function faultOf(text: string): string | undefined {
  const open: string[] = [];
  let rest = text.replace(/^<!DOCTYPE html>\n/, "");
  while (rest !== "") {
    const content = /^[^<]+/.exec(rest)?.[0];
    if (content !== undefined) {
      if (/&(?!(?:amp|lt|gt|quot);)/.test(content)) return `bare & in "${content}"`;
      rest = rest.slice(content.length);
      continue;
    }
    const tag = /^<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/.exec(rest);
    if (!tag) return `no tag at "${rest.slice(0, 60)}"`;
    const [whole, closing, name, attributes, empty] = tag;
    const names = [...attributes!.matchAll(/([\w:-]+)=/g)].map((m) => m[1]);
    if (/&(?!(?:amp|lt|gt|quot);)/.test(attributes!)) return `bare & in ${whole}`;
    if (new Set(names).size < names.length && !/="[^"]*=/.test(attributes!)) return `attribute twice in ${whole}`;
    if (closing) {
      const last = open.pop();
      if (last !== name) return `</${name}> closes <${last}>`;
    } else if (!empty) open.push(name!);
    rest = rest.slice(whole!.length);
  }
  return open.length > 0 ? `<${open.at(-1)}> is open at the end` : undefined;
}
