import ar from "../../templates/answer/languages/ar.json" with { type: "json" };
import bg from "../../templates/answer/languages/bg.json" with { type: "json" };
import ca from "../../templates/answer/languages/ca.json" with { type: "json" };
import cs from "../../templates/answer/languages/cs.json" with { type: "json" };
import da from "../../templates/answer/languages/da.json" with { type: "json" };
import de from "../../templates/answer/languages/de.json" with { type: "json" };
import el from "../../templates/answer/languages/el.json" with { type: "json" };
import en from "../../templates/answer/languages/en.json" with { type: "json" };
import es from "../../templates/answer/languages/es.json" with { type: "json" };
import fa from "../../templates/answer/languages/fa.json" with { type: "json" };
import fi from "../../templates/answer/languages/fi.json" with { type: "json" };
import fr from "../../templates/answer/languages/fr.json" with { type: "json" };
import he from "../../templates/answer/languages/he.json" with { type: "json" };
import hi from "../../templates/answer/languages/hi.json" with { type: "json" };
import hr from "../../templates/answer/languages/hr.json" with { type: "json" };
import hu from "../../templates/answer/languages/hu.json" with { type: "json" };
import id from "../../templates/answer/languages/id.json" with { type: "json" };
import it from "../../templates/answer/languages/it.json" with { type: "json" };
import ja from "../../templates/answer/languages/ja.json" with { type: "json" };
import ko from "../../templates/answer/languages/ko.json" with { type: "json" };
import nb from "../../templates/answer/languages/nb.json" with { type: "json" };
import nl from "../../templates/answer/languages/nl.json" with { type: "json" };
import pl from "../../templates/answer/languages/pl.json" with { type: "json" };
import pt from "../../templates/answer/languages/pt.json" with { type: "json" };
import ptBR from "../../templates/answer/languages/pt-BR.json" with { type: "json" };
import ro from "../../templates/answer/languages/ro.json" with { type: "json" };
import ru from "../../templates/answer/languages/ru.json" with { type: "json" };
import sk from "../../templates/answer/languages/sk.json" with { type: "json" };
import sv from "../../templates/answer/languages/sv.json" with { type: "json" };
import th from "../../templates/answer/languages/th.json" with { type: "json" };
import tr from "../../templates/answer/languages/tr.json" with { type: "json" };
import uk from "../../templates/answer/languages/uk.json" with { type: "json" };
import vi from "../../templates/answer/languages/vi.json" with { type: "json" };
import zhHans from "../../templates/answer/languages/zh-Hans.json" with { type: "json" };
import zhHant from "../../templates/answer/languages/zh-Hant.json" with { type: "json" };
import type { Language } from "./language.ts";
import type { Words } from "./words.ts";

/** A file as it is imported, where a word is any string. */
interface LanguageFile {
  readonly tag: string;
  readonly dir: string;
  readonly words: Words;
}

/** All files of `templates/answer/languages`. English comes first: it answers whoever names none of these. */
export const languages: readonly [Language, ...Language[]] = [
  fromFile(en),
  fromFile(ar),
  fromFile(bg),
  fromFile(ca),
  fromFile(cs),
  fromFile(da),
  fromFile(de),
  fromFile(el),
  fromFile(es),
  fromFile(fa),
  fromFile(fi),
  fromFile(fr),
  fromFile(he),
  fromFile(hi),
  fromFile(hr),
  fromFile(hu),
  fromFile(id),
  fromFile(it),
  fromFile(ja),
  fromFile(ko),
  fromFile(nb),
  fromFile(nl),
  fromFile(pl),
  fromFile(pt),
  fromFile(ptBR),
  fromFile(ro),
  fromFile(ru),
  fromFile(sk),
  fromFile(sv),
  fromFile(th),
  fromFile(tr),
  fromFile(uk),
  fromFile(vi),
  fromFile(zhHans),
  fromFile(zhHant),
];

function fromFile({ tag, dir, words }: LanguageFile): Language {
  // Templates see the words: none may change them for all.
  return { tag, dir: dir === "rtl" ? "rtl" : "ltr", words: Object.freeze(words) };
}
