import type { EntryWords } from "./entry-page.ts";

/** What who asks to be let in as staff is told. */
export type StaffAnswer =
  /** One button. */
  | { readonly kind: "ask" }
  /** The application does not hold the visitor for staff. */
  | { readonly kind: "nobody" }
  /** Staff wait outside now. */
  | { readonly kind: "blocked" }
  /** Browsers drop the cookie in silence where the site is plain http. */
  | { readonly kind: "insecure" }
  /** The visitor's address has just asked. */
  | { readonly kind: "too-soon" }
  /** As many ask as may at once. */
  | { readonly kind: "busy" }
  /** The application cannot be asked, or does not tell people apart. */
  | { readonly kind: "unclear" }
  /** The database does not answer. */
  | { readonly kind: "unavailable" };

/** `loginUrl`: where staff log in; empty: nobody has said. */
export function staffWords({ kind }: StaffAnswer, loginUrl: string): EntryWords {
  const login = loginUrl === "" ? null : { link: { address: loginUrl, text: "Log in" } };
  switch (kind) {
    case "ask":
      return {
        title: "For staff",
        text: "Whoever is logged in as staff of this site gets in while it is closed for maintenance.",
        button: "Enter as staff",
        note: "For 30 minutes; then click again.",
      };
    case "nobody":
      return {
        title: "You are not logged in as staff here",
        text: "The site does not know you, or not as staff. Log in first, in this browser, then come back to this page.",
        button: "Try again",
        ...login,
      };
    case "blocked":
      return {
        title: "Staff wait outside now",
        text: "You are logged in as staff, and this maintenance is one that staff wait for too. Whoever closed the site can give you a link that lets you in.",
      };
    case "insecure":
      return {
        title: "This page needs https",
        text: "Here the site came to you over plain http, where browsers would drop the permission in silence. Open the same address with https:// in front.",
        note: "If this site has no https, its operators can let you in by a link that they make with --insecure-cookie.",
      };
    case "too-soon":
      return {
        title: "Not so fast",
        text: "Somebody at your address has just asked. Try again now.",
        button: "Try again",
      };
    case "busy":
      return {
        title: "Please try again in a moment",
        text: "Others are being asked for right now.",
        button: "Try again",
      };
    case "unclear":
      return {
        title: "The site cannot say who you are",
        text: "Its application does not answer, or not as it should, so nobody can be let in as staff right now. Whoever is in already stays in.",
        button: "Try again",
        note: "Why, its operators find in lull's log.",
        ...login,
      };
    case "unavailable":
      return {
        title: "Please try again in a minute",
        text: "Nobody can be let in as staff right now: the database does not answer. Whoever is in already stays in.",
        button: "Try again",
      };
  }
}
