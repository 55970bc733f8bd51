import { describe, expect, test } from "bun:test";
import { eventStream } from "../../src/answer/event-stream.ts";
import { grpcHeaders } from "../../src/answer/grpc.ts";
import type { Held } from "../../src/answer/held.ts";
import { problem } from "../../src/answer/problem.ts";
import { problemXml } from "../../src/answer/problem-xml.ts";
import { text } from "../../src/answer/text.ts";
import { heldVisit, means } from "./answer-builders.ts";

const { writeTime } = means();

describe("a problem", () => {
  test("has the members of RFC 9457, when, and django-maintenancemode-2's four", () => {
    expect(problem(heldVisit())).toEqual({
      type: "about:blank",
      title: "Service Unavailable",
      status: 503,
      detail: "New disks.",
      instance: "/cart",
      retryAfter: 3_600,
      start: "2026-11-20T08:00:00.000Z",
      end: "2026-11-20T10:00:00.000Z",
      code: 503,
      error: "temporarily_unavailable",
      reason: "maintenance",
      error_description: "Sorry, the service is temporarily down for maintenance",
    });
  });

  test.each<[string, Partial<Held>, object]>([
    ["an unknown opening", { start: null, end: null }, { start: null, end: null }],
    ["no message", { message: "" }, { detail: "Sorry, the service is temporarily down for maintenance" }],
    ["a read-only site", { message: "", mode: "readonly" }, { detail: expect.stringContaining("read this site") }],
    ["a path in Unicode", { path: "/café ü" }, { instance: "/caf%C3%A9%20%C3%BC" }],
    ["half a surrogate", { path: "/\ud800" }, { instance: "/%EF%BF%BD" }],
  ])("of %s", (_, change, expected) => {
    expect(problem(heldVisit(change))).toMatchObject(expected);
  });

  test("does not show a path that can be read in two ways", () => {
    expect(problem(heldVisit({ path: "" }))).not.toHaveProperty("instance");
  });
});

describe("XML", () => {
  test("is the problem, without what is unknown", () => {
    expect(problemXml(problem(heldVisit({ end: null })))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<problem xmlns="urn:ietf:rfc:7807">
  <type>about:blank</type>
  <title>Service Unavailable</title>
  <status>503</status>
  <detail>New disks.</detail>
  <instance>/cart</instance>
  <retryAfter>3600</retryAfter>
  <start>2026-11-20T08:00:00.000Z</start>
  <code>503</code>
  <error>temporarily_unavailable</error>
  <reason>maintenance</reason>
  <error_description>Sorry, the service is temporarily down for maintenance</error_description>
</problem>
`);
  });

  test.each([
    ["markup", "<b>&amp;</b>]]>", "&lt;b&gt;&amp;amp;&lt;/b&gt;]]&gt;"],
    ["what XML cannot hold", "a\u0000b\u001bc\uffff", "a\ufffdb\ufffdc\ufffd"],
    ["half a surrogate", "\ud800", "\ufffd"],
    ["lines and tabs", "a\n\tb", "a\n\tb"],
  ])("escapes %s", (_, message, expected) => {
    expect(problemXml(problem(heldVisit({ message })))).toContain(`<detail>${expected}</detail>`);
  });
});

describe("text", () => {
  test.each<[string, Partial<Held>, string]>([
    [
      "all of it",
      { reason: "disk 3" },
      "Shop: Down for maintenance\nNew disks.\nReason: disk 3\nWe expect to be back on 2026-11-20T10:00:00.000Z in en.\n",
    ],
    [
      "nothing known",
      { site: null, message: "", end: null },
      "Down for maintenance\nSorry, we are working on this site right now. Nothing is wrong on your side.\nWe will be back as soon as we can. Please try again in a while.\n",
    ],
    [
      "a read-only site",
      { mode: "readonly", message: "", end: null },
      "Shop: Read-only for the moment\nYou can read this site as usual. Nothing can be changed until the maintenance is over.\n",
    ],
    [
      "when a read-only site takes changes again",
      { mode: "readonly", message: "m" },
      "Shop: Read-only for the moment\nm\nWe expect to be back on 2026-11-20T10:00:00.000Z in en.\n",
    ],
    [
      "a reason with a dollar",
      { reason: "$& $1", message: "m", end: null },
      "Shop: Down for maintenance\nm\nReason: $& $1\nWe will be back as soon as we can. Please try again in a while.\n",
    ],
    [
      "nothing to a terminal",
      { site: null, message: "a\u001b[2Jb\r\n\tc\u009bd", end: null },
      "Down for maintenance\na[2Jb\n\tcd\nWe will be back as soon as we can. Please try again in a while.\n",
    ],
  ])("says %s", (_, change, expected) => {
    expect(text(heldVisit(change), writeTime)).toBe(expected);
  });
});

describe("an event stream", () => {
  test("is one event, and when to come again", () => {
    const stream = eventStream(problem(heldVisit({ retryAfterSeconds: 5, message: "a\nb\r\n\r\ndata: c" })), () => 0);
    const [retry, event, data = "", ...rest] = stream.split("\n");
    expect([retry, event, rest]).toEqual(["retry: 5000", "event: maintenance", ["", ""]]);
    expect(JSON.parse(data.replace("data: ", "")).detail).toBe("a\nb\r\n\r\ndata: c");
  });

  test.each([
    ["a minute at the most", 86_400, 0, 60_000],
    ["a tenth later for some", 86_400, 0.999_999, 65_999],
    ["a second", 1, 0.5, 1_050],
  ])("waits %s", (_, retryAfterSeconds, random, expected) => {
    const stream = eventStream(problem(heldVisit({ retryAfterSeconds })), () => random);
    expect(stream.split("\n", 1)).toEqual([`retry: ${expected}`]);
  });
});

describe("gRPC", () => {
  test.each<[string, Partial<Held>, Record<string, string>]>([
    [
      "a status and when to come again",
      {},
      { "grpc-status": "14", "grpc-message": "New disks.", "grpc-retry-pushback-ms": "3600000" },
    ],
    [
      "a message in ASCII",
      { message: "100 %: größer\nx😀" },
      { "grpc-message": "100 %25: gr%C3%B6%C3%9Fer%0Ax%F0%9F%98%80" },
    ],
    ["half a surrogate", { message: "a\ud800" }, { "grpc-message": "a%EF%BF%BD" }],
    ["a pushback that clients can read", { retryAfterSeconds: 3_000_000 }, { "grpc-retry-pushback-ms": "2147483647" }],
  ])("has %s", (_, change, expected) => {
    expect(grpcHeaders(problem(heldVisit(change)), "application/grpc")).toMatchObject(expected);
  });

  test("fits into a header, however long the message", () => {
    const { "grpc-message": message = "" } = grpcHeaders(
      problem(heldVisit({ message: "Ж".repeat(9_999) })),
      "application/grpc",
    );
    expect(message.length).toBeLessThan(1_000);
  });
});
