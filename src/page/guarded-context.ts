import type { PageContext } from "../answer/page-context.ts";
import { nearestName } from "../nearest-name.ts";

/** A name that a template reads and that pages do not have. */
export interface UnknownName {
  /** `it.mesage`, `it.site.nme`. */
  readonly name: string;
  /** What was probably meant, in the same form; null: nothing is like it. */
  readonly meant: string | null;
  /** What there is beside it, in the same form. */
  readonly known: readonly string[];
}

/** What the language itself reads of everything: `JSON.stringify`, `await`. */
const readByItself: ReadonlySet<string> = new Set(["toJSON", "then"]);

/** The same context, which tells when a name is read that pages do not have. What a template includes gets a copy that does not. */
export function guardedContext(context: PageContext, onUnknown: (unknown: UnknownName) => void): PageContext {
  const site = guarded(context.site, (name) => tell("it.site", name, context.site));
  const words = guarded(context.words, (name) => tell("it.words", name, context.words));
  return guarded({ ...context, site, words }, (name) => tell("it", name, context));

  function tell(owner: string, name: string, target: object): void {
    const keys = Object.keys(target);
    const inner = owner === "it" ? innerName(name, context) : null;
    const near = nearestName(name, keys);
    const meant = inner ?? (near === null ? null : `${owner}.${near}`);
    onUnknown({ name: `${owner}.${name}`, meant, known: keys.map((key) => `${owner}.${key}`) });
  }
}

/** `it.name` is likely to be `it.site.name`. */
function innerName(name: string, { site, words }: PageContext): string | null {
  if (Object.hasOwn(site, name)) return `it.site.${name}`;
  return Object.hasOwn(words, name) ? `it.words.${name}` : null;
}

function guarded<Target extends object>(target: Target, onUnknown: (name: string) => void): Target {
  return new Proxy(target, {
    get(inside, name) {
      if (typeof name === "string" && !(name in inside) && !readByItself.has(name)) onUnknown(name);
      return Reflect.get(inside, name);
    },
  });
}
