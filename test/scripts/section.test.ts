import { describe, expect, it } from "vitest";
import { sectionOf, withSection } from "../../scripts/generate/section.js";

const document = "# Title\n\n<!-- a:begin -->\n\nold\n<!-- a:end -->\n\nrest\n";

describe("generated sections of a document", () => {
  it("are replaced between their markers, nothing else changes", () => {
    const changed = withSection(document, "a", "| new |\n");
    expect(changed).toBe("# Title\n\n<!-- a:begin -->\n| new |\n<!-- a:end -->\n\nrest\n");
    expect(sectionOf(changed, "a")).toBe("| new |");
  });

  it("are missed where markers are", () => {
    expect(sectionOf(document, "b")).toBeUndefined();
    expect(() => withSection(document, "b", "")).toThrow("no markers");
  });
});
