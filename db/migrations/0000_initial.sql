CREATE TABLE `audit` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`revision` integer NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`site_id` integer,
	`before` text,
	`after` text,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_by_revision` ON `audit` (`revision`);--> statement-breakpoint
CREATE TABLE `exemption` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` integer,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`description` text NOT NULL,
	`expires_at` integer,
	FOREIGN KEY (`site_id`) REFERENCES `site`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "exemption_kind_is_known" CHECK("exemption"."kind" IN ('exact', 'path', 'pattern', 'network')),
	CONSTRAINT "exemption_is_not_empty" CHECK("exemption"."value" <> '')
);
--> statement-breakpoint
CREATE INDEX `exemption_by_site` ON `exemption` (`site_id`);--> statement-breakpoint
CREATE TABLE `meta` (
	`id` integer PRIMARY KEY NOT NULL,
	`schema_version` integer NOT NULL,
	`revision` integer NOT NULL,
	`readable_from` integer NOT NULL,
	`database_id` text NOT NULL,
	`roll_call` integer NOT NULL,
	CONSTRAINT "meta_is_one_row" CHECK("meta"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE `period` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` integer,
	`name` text NOT NULL,
	`start_at` integer NOT NULL,
	`end_at` integer,
	`enabled` integer NOT NULL,
	`mode` text NOT NULL,
	`reason` text NOT NULL,
	`message` text NOT NULL,
	`owner` text NOT NULL,
	FOREIGN KEY (`site_id`) REFERENCES `site`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "period_has_name" CHECK("period"."name" <> ''),
	CONSTRAINT "period_ends_after_start" CHECK("period"."end_at" IS NULL OR "period"."end_at" > "period"."start_at"),
	CONSTRAINT "period_mode_is_known" CHECK("period"."mode" IN ('full', 'readonly'))
);
--> statement-breakpoint
CREATE INDEX `period_by_site` ON `period` (`site_id`);--> statement-breakpoint
CREATE INDEX `period_by_end` ON `period` (`end_at`);--> statement-breakpoint
CREATE TABLE `sidecar` (
	`instance` text PRIMARY KEY NOT NULL,
	`hostname` text NOT NULL,
	`process_id` integer NOT NULL,
	`listen` text NOT NULL,
	`version` text NOT NULL,
	`started_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`revision` integer NOT NULL,
	`roll_call` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `site` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`domain` text NOT NULL,
	`name` text NOT NULL,
	`message` text NOT NULL,
	CONSTRAINT "site_number_is_positive" CHECK("site"."id" > 0),
	CONSTRAINT "site_has_domain" CHECK("site"."domain" <> '')
);
--> statement-breakpoint
CREATE UNIQUE INDEX `site_domain_unique` ON `site` (`domain`);--> statement-breakpoint
CREATE TABLE `site_alias` (
	`host` text PRIMARY KEY NOT NULL,
	`site_id` integer NOT NULL,
	FOREIGN KEY (`site_id`) REFERENCES `site`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `site_alias_by_site` ON `site_alias` (`site_id`);--> statement-breakpoint
-- Reviewed by hand from here on: a new database has one site that is every host, so that a server with one site needs no set-up.
INSERT INTO `meta` (`id`, `schema_version`, `revision`, `readable_from`, `database_id`, `roll_call`) VALUES (1, 1, 1, 1, lower(hex(randomblob(16))), 0);
--> statement-breakpoint
INSERT INTO `site` (`id`, `domain`, `name`, `message`) VALUES (1, '*', '', '');
