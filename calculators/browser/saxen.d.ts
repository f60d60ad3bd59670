/** The build lays the library itself beside the modules, under this name; it brings no types of its own. */
export class Parser {
  on(event: "openTag", hook: (name: string, attributes: () => Record<string, string>) => void): this;
  on(event: "closeTag", hook: (name: string) => void): this;
  on(event: "text" | "cdata", hook: (value: string) => void): this;
  on(event: "error", hook: (error: Error) => void): this;
  parse(xml: string): this;
}
