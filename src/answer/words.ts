/**
 * What the answers say, in one language: a file of `templates/answer/languages`. `{time}` and `{reason}` stand for what
 * is put in.
 */
export interface Words {
  /** Also the first line of the text answer. */
  readonly title: string;
  /** While nobody wrote a message. */
  readonly apology: string;
  /** Of a read-only site, in place of the title. */
  readonly readonlyTitle: string;
  /** Of a read-only site, in place of the apology. */
  readonly readonlyApology: string;
  /** With `{time}`. */
  readonly expected: string;
  /** In place of `expected`, while nobody knows when. */
  readonly unknown: string;
  /** Before the countdown. */
  readonly timeLeft: string;
  /** In place of the countdown, once it is over. */
  readonly overdue: string;
  /** With `{reason}`. */
  readonly reason: string;
  /** Whoever sent a form is told so. */
  readonly notSaved: string;
  /** Said by the page while it looks by itself whether the site is back. */
  readonly returns: string;
  /** To whoever sent a form, once the site is back: the page does not send it again by itself. */
  readonly isBack: string;
  /** The link that asks for the same address again. */
  readonly tryAgain: string;
  /** The link for those who may enter. */
  readonly staff: string;
}
