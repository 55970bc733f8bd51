/** The probe against the application that it is meant for: a Django as it comes, and who is logged in to it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ProbeSettings } from "../../src/config/staff.ts";
import { createStaffProbe, type ProbeOutcome } from "../../src/staff/probe.ts";
import { scrambledCookie } from "../../src/staff/scrambled-cookie.ts";
import { needProgram } from "../support/debian.ts";
import { type DjangoSite, type DjangoUser, startDjangoSite } from "../support/django-site.ts";

const lacksDjango = (await needProgram("django")) === null;
const notKnown = { kind: "nobody", fault: null, status: 302 } as const;
const isStaff = { kind: "standing", standing: "staff", fault: null } as const;
const isSuperuser = { kind: "standing", standing: "superuser", fault: null } as const;

function ask(settings: Partial<ProbeSettings>, cookie: string | null, host = "one.test"): Promise<ProbeOutcome> {
  const probe = createStaffProbe({ staffUrl: "", superuserUrl: "", headers: [], ...settings }, Date.now);
  return probe.ask({ host, cookie, address: "203.0.113.9" });
}

describe.skipIf(lacksDjango)("a stock Django's admin", () => {
  let site: DjangoSite;
  beforeAll(async () => {
    site = await startDjangoSite();
  }, 30_000);
  afterAll(() => site.stop());

  test.each<[string, DjangoUser, ProbeOutcome, ProbeOutcome]>([
    ["somebody who is logged in", "plain", notKnown, notKnown],
    ["staff", "staff", isStaff, isStaff],
    ["a superuser", "superuser", isStaff, isSuperuser],
    ["staff whose account was closed", "inactive", notKnown, notKnown],
  ])("tells of %s, without and with a superuser_probe", async (_, user, byStaff, byBoth) => {
    const staffUrl = `${site.origin}/admin/`;
    const cookie = `theme=dark; ${site.cookies[user]}; csrftoken=x`;
    expect(await ask({ staffUrl }, cookie)).toEqual(byStaff);
    expect(await ask({ staffUrl, superuserUrl: `${site.origin}/superusers-only/` }, cookie)).toEqual(byBoth);
  });

  test("can tell of superusers alone", async () => {
    const superuserUrl = `${site.origin}/superusers-only/`;
    expect(await ask({ superuserUrl }, site.cookies.staff)).toEqual(notKnown);
    expect(await ask({ superuserUrl }, site.cookies.superuser)).toEqual(isSuperuser);
  });

  test.each([
    ["no cookie", null, null],
    ["a session that is nobody's", "sessionid=abcdefghijklmnopqrstuvwxyz012345", 302],
    ["an empty session", "sessionid=", 302],
    ["a cookie of lull's alone", "__Host-lull-bypass=v1.1.1.1.1.x", null],
    ["words of its own", "is_staff=1; user=admin; sessionid=staff", 302],
  ])("knows nobody by %s", async (_, cookie, status) => {
    expect(await ask({ staffUrl: `${site.origin}/admin/` }, cookie)).toEqual({ kind: "nobody", fault: null, status });
  });

  test("makes nobody staff by a page that everybody may see, and says why", async () => {
    const staffUrl = `${site.origin}/`;
    expect(await ask({ staffUrl }, site.cookies.superuser)).toEqual({
      kind: "nobody",
      fault: `${staffUrl} answers 200 also when nobody is logged in`,
      status: 200,
    });
  });

  test("is borne out by cookies that are nobody's: it sends them to the login", async () => {
    const staffUrl = `${site.origin}/admin/`;
    const scrambled = scrambledCookie(`csrftoken=${"x".repeat(32)}; ${site.cookies.staff}`);
    expect(scrambled).toMatch(/^csrftoken=[a-z]{32}; sessionid=[a-z\d]{32}$/);
    expect(await ask({ staffUrl }, scrambled)).toEqual(notKnown);
    expect(await ask({ staffUrl }, `csrftoken=${"x".repeat(32)}; ${site.cookies.staff}`)).toEqual(isStaff);
  });

  test("is not asked for a host that it does not know", async () => {
    const staffUrl = `${site.origin}/admin/`;
    const fault = `${staffUrl} answers 400: Django does so when ALLOWED_HOSTS lacks other.test`;
    expect(await ask({ staffUrl }, site.cookies.staff, "other.test")).toEqual({ kind: "nobody", fault, status: 400 });
  });

  test.each([
    ["without its slash", "/admin", 301, "redirects to ORIGIN/admin/ : write that"],
    ["that is not there", "/admin/no-such/", 302, null],
    ["of nobody", "/no-such/", 404, "answers 404: is the path right?"],
  ])("says what is wrong with a path %s", async (_, path, status, what) => {
    const outcome = await ask({ staffUrl: `${site.origin}${path}` }, site.cookies.plain);
    const fault = what === null ? null : `${site.origin}${path} ${what.replace("ORIGIN", site.origin)}`;
    expect(outcome).toEqual({ kind: "nobody", fault, status });
  });
});

describe.skipIf(lacksDjango)("a Django that sends everybody to https", () => {
  test("tells when staff_probe_headers say that it is", async () => {
    await using site = await startDjangoSite("ssl-redirect");
    const staffUrl = `${site.origin}/admin/`;
    const fault = expect.stringContaining('redirects to https: set staff_probe_headers = ["X-Forwarded-Proto: https"]');
    expect(await ask({ staffUrl }, site.cookies.staff)).toEqual({ kind: "nobody", fault, status: 301 });
    const headers = [["X-Forwarded-Proto", "https"]] as const;
    expect(await ask({ staffUrl, headers }, site.cookies.staff)).toEqual(isStaff);
    expect(await ask({ staffUrl, headers }, site.cookies.plain)).toEqual(notKnown);
  }, 30_000);
});
