import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

// Instants are milliseconds since 1970-01-01T00:00:00Z. The CHECKs repeat the last line of rules whose home is src/gate.

/** One row: what the whole database is at. */
export const meta = sqliteTable(
  "meta",
  {
    id: integer().primaryKey(),
    /** How many migrations have run. */
    schemaVersion: integer("schema_version").notNull(),
    /** Grows with every change. */
    revision: integer().notNull(),
    /** The oldest schema version that a program must know to read this database rightly. */
    readableFrom: integer("readable_from").notNull(),
    /** Random, given once to a new database. A copy keeps it, so a sidecar can tell a restored database from another. */
    databaseId: text("database_id").notNull(),
    /** Operational: how often a command has asked which sidecars live. It raises no revision. */
    rollCall: integer("roll_call").notNull(),
  },
  (table) => [check("meta_is_one_row", sql`${table.id} = 1`)],
);

export const site = sqliteTable(
  "site",
  {
    // AUTOINCREMENT: proxies' configurations name sites by number, so a removed site's number is never given to another.
    id: integer().primaryKey({ autoIncrement: true }),
    domain: text().notNull().unique(),
    name: text().notNull(),
    message: text().notNull(),
    /** Empty: visitors are sent nowhere. */
    redirectUrl: text("redirect_url").notNull().default(""),
    /** Separated by spaces. */
    origins: text().notNull().default(""),
  },
  (table) => [
    check("site_number_is_positive", sql`${table.id} > 0`),
    check("site_has_domain", sql`${table.domain} <> ''`),
  ],
);

export const siteAlias = sqliteTable(
  "site_alias",
  {
    host: text().primaryKey(),
    siteId: integer("site_id")
      .notNull()
      .references(() => site.id, { onDelete: "cascade" }),
  },
  (table) => [index("site_alias_by_site").on(table.siteId)],
);

export const period = sqliteTable(
  "period",
  {
    // AUTOINCREMENT: the audit names periods by number, so a number is never given twice.
    id: integer().primaryKey({ autoIncrement: true }),
    /** null: all sites. */
    siteId: integer("site_id").references(() => site.id, {
      onDelete: "cascade",
    }),
    name: text().notNull(),
    start: integer("start_at").notNull(),
    /** null: unknown. */
    end: integer("end_at"),
    enabled: integer({ mode: "boolean" }).notNull(),
    mode: text({ enum: ["full", "readonly"] }).notNull(),
    reason: text().notNull(),
    message: text().notNull(),
    owner: text().notNull(),
    /** Of a period without an end: when it is planned to be over. */
    expectedEnd: integer("expected_end_at"),
    /** How long it lasts without being renewed; null: for as long as it does. */
    leaseMs: integer("lease_ms"),
    /** Operational: when it is over unless it is renewed before. Renewals raise no revision. */
    leaseEnd: integer("lease_end_at"),
  },
  (table) => [
    check("period_has_name", sql`${table.name} <> ''`),
    check("period_ends_after_start", sql`${table.end} IS NULL OR ${table.end} > ${table.start}`),
    check("period_mode_is_known", sql`${table.mode} IN ('full', 'readonly')`),
    index("period_by_site").on(table.siteId),
    index("period_by_end").on(table.end),
    index("period_with_lease").on(table.leaseEnd).where(sql`${table.leaseEnd} IS NOT NULL`),
  ],
);

export const recurrence = sqliteTable(
  "recurrence",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** null: all sites. */
    siteId: integer("site_id").references(() => site.id, { onDelete: "cascade" }),
    name: text().notNull(),
    /** RRULE values of RFC 5545, one a line. */
    rules: text().notNull(),
    timezone: text().notNull(),
    /** Wall time: `02:00:00`. */
    at: text().notNull(),
    durationMs: integer("duration_ms"),
    /** Wall time. */
    to: text("to_time"),
    /** Dates: `2026-11-20`. */
    from: text("from_date").notNull(),
    until: text("until_date"),
    except: text("except_dates", { mode: "json" }).$type<readonly string[]>().notNull(),
    enabled: integer({ mode: "boolean" }).notNull(),
    mode: text({ enum: ["full", "readonly"] }).notNull(),
    reason: text().notNull(),
    message: text().notNull(),
    owner: text().notNull(),
  },
  (table) => [
    check("recurrence_has_name", sql`${table.name} <> ''`),
    check("recurrence_has_rule", sql`${table.rules} <> ''`),
    check("recurrence_except_is_a_list", sql`json_type(${table.except}) = 'array'`),
    check("recurrence_has_one_end", sql`(${table.durationMs} IS NULL) <> (${table.to} IS NULL)`),
    check("recurrence_mode_is_known", sql`${table.mode} IN ('full', 'readonly')`),
    index("recurrence_by_site").on(table.siteId),
  ],
);

/** What was changed in single occurrences. */
export const occurrence = sqliteTable(
  "occurrence",
  {
    recurrenceId: integer("recurrence_id")
      .notNull()
      .references(() => recurrence.id, { onDelete: "cascade" }),
    /** The wall time at which the rule starts it: `2026-11-22T02:00:00`. */
    wall: text().notNull(),
    skipped: integer({ mode: "boolean" }).notNull(),
    /** null: as the rule says. */
    start: integer("start_at"),
    end: integer("end_at"),
  },
  (table) => [
    primaryKey({ columns: [table.recurrenceId, table.wall] }),
    check(
      "occurrence_ends_after_start",
      sql`${table.end} IS NULL OR ${table.start} IS NULL OR ${table.end} > ${table.start}`,
    ),
  ],
);

/** Which visits the read-only mode of a site takes for safe or unsafe, beside what their methods say. */
export const readonlyRule = sqliteTable(
  "readonly_rule",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** null: all sites. */
    siteId: integer("site_id").references(() => site.id, { onDelete: "cascade" }),
    effect: text({ enum: ["safe", "unsafe"] }).notNull(),
    method: text().notNull(),
    path: text().notNull(),
  },
  (table) => [
    check("readonly_rule_effect_is_known", sql`${table.effect} IN ('safe', 'unsafe')`),
    check("readonly_rule_has_method", sql`${table.method} <> ''`),
    check("readonly_rule_has_path", sql`${table.path} <> ''`),
    index("readonly_rule_by_site").on(table.siteId),
  ],
);

export const exemption = sqliteTable(
  "exemption",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** null: all sites. */
    siteId: integer("site_id").references(() => site.id, {
      onDelete: "cascade",
    }),
    kind: text({ enum: ["exact", "path", "pattern", "network"] }).notNull(),
    value: text().notNull(),
    description: text().notNull(),
    /** null: never. */
    expires: integer("expires_at"),
  },
  (table) => [
    check("exemption_kind_is_known", sql`${table.kind} IN ('exact', 'path', 'pattern', 'network')`),
    check("exemption_is_not_empty", sql`${table.value} <> ''`),
    index("exemption_by_site").on(table.siteId),
  ],
);

/** With what the cookies of bypasses are signed. The newest signs; older ones are kept for cookies that are out. */
export const bypassKey = sqliteTable("bypass_key", {
  // AUTOINCREMENT: cookies name their key by number.
  id: integer().primaryKey({ autoIncrement: true }),
  /** 32 random bytes, base64url. */
  secret: text().notNull(),
  createdAt: integer("created_at").notNull(),
});

export const bypass = sqliteTable(
  "bypass",
  {
    // AUTOINCREMENT: cookies and the audit name bypasses by number, so a number is never given twice.
    id: integer().primaryKey({ autoIncrement: true }),
    /** null: all sites. */
    siteId: integer("site_id").references(() => site.id, { onDelete: "cascade" }),
    label: text().notNull(),
    expires: integer("expires_at").notNull(),
    path: text().notNull(),
    isSingleUse: integer("single_use", { mode: "boolean" }).notNull(),
    mayBeInsecure: integer("insecure_cookie", { mode: "boolean" }).notNull(),
    /** Of the token in its link: the token itself is kept nowhere. */
    tokenHash: text("token_hash").notNull().unique(),
    /** When it was first redeemed; null: not yet. */
    redeemed: integer("redeemed_at"),
    /** The newest key when it was made: no older one has signed for it. Not a reference: an expired row outlives its key. */
    keyId: integer("key_id").notNull(),
    /** As whom it lets in; null: as who was given a link. */
    standing: text({ enum: ["staff", "superuser"] }),
  },
  (table) => [
    check("bypass_path_is_absolute", sql`${table.path} LIKE '/%'`),
    check("bypass_has_token_hash", sql`length(${table.tokenHash}) = 43`),
    check("bypass_standing_is_known", sql`${table.standing} IN ('staff', 'superuser')`),
    index("bypass_by_site").on(table.siteId),
    index("bypass_by_expiry").on(table.expires),
  ],
);

/** One row a change: who, what, before, after, why, when. Never updated. */
export const audit = sqliteTable(
  "audit",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    revision: integer().notNull(),
    at: integer("at").notNull(),
    actor: text().notNull(),
    /** `period.start`, `site.add`, ... */
    action: text().notNull(),
    /** The site's number; null: all sites. Not a reference: it outlives the site. */
    siteId: integer("site_id"),
    /** JSON of the row before and after; null: there was none. */
    before: text(),
    after: text(),
    reason: text().notNull(),
  },
  (table) => [index("audit_by_revision").on(table.revision)],
);

/** Operational: the sidecars that ask this database. A clean stop takes the row away. */
export const sidecar = sqliteTable("sidecar", {
  /** Random, one for each start of a process. */
  instance: text().primaryKey(),
  hostname: text().notNull(),
  processId: integer("process_id").notNull(),
  /** What the sidecar serves on, separated by spaces. */
  listen: text().notNull(),
  version: text().notNull(),
  startedAt: integer("started_at").notNull(),
  seenAt: integer("seen_at").notNull(),
  /** The revision of the snapshot that is in place. */
  revision: integer().notNull(),
  /** The last roll call that its serving thread has answered. */
  rollCall: integer("roll_call").notNull(),
});
