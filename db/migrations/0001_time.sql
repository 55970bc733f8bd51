CREATE TABLE `occurrence` (
	`recurrence_id` integer NOT NULL,
	`wall` text NOT NULL,
	`skipped` integer NOT NULL,
	`start_at` integer,
	`end_at` integer,
	PRIMARY KEY(`recurrence_id`, `wall`),
	FOREIGN KEY (`recurrence_id`) REFERENCES `recurrence`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "occurrence_ends_after_start" CHECK("occurrence"."end_at" IS NULL OR "occurrence"."start_at" IS NULL OR "occurrence"."end_at" > "occurrence"."start_at")
);
--> statement-breakpoint
CREATE TABLE `readonly_rule` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` integer,
	`effect` text NOT NULL,
	`method` text NOT NULL,
	`path` text NOT NULL,
	FOREIGN KEY (`site_id`) REFERENCES `site`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "readonly_rule_effect_is_known" CHECK("readonly_rule"."effect" IN ('safe', 'unsafe')),
	CONSTRAINT "readonly_rule_has_method" CHECK("readonly_rule"."method" <> ''),
	CONSTRAINT "readonly_rule_has_path" CHECK("readonly_rule"."path" <> '')
);
--> statement-breakpoint
CREATE INDEX `readonly_rule_by_site` ON `readonly_rule` (`site_id`);--> statement-breakpoint
CREATE TABLE `recurrence` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` integer,
	`name` text NOT NULL,
	`rules` text NOT NULL,
	`timezone` text NOT NULL,
	`at` text NOT NULL,
	`duration_ms` integer,
	`to_time` text,
	`from_date` text NOT NULL,
	`until_date` text,
	`except_dates` text NOT NULL,
	`enabled` integer NOT NULL,
	`mode` text NOT NULL,
	`reason` text NOT NULL,
	`message` text NOT NULL,
	`owner` text NOT NULL,
	FOREIGN KEY (`site_id`) REFERENCES `site`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "recurrence_has_name" CHECK("recurrence"."name" <> ''),
	CONSTRAINT "recurrence_has_rule" CHECK("recurrence"."rules" <> ''),
	CONSTRAINT "recurrence_except_is_a_list" CHECK(json_type("recurrence"."except_dates") = 'array'),
	CONSTRAINT "recurrence_has_one_end" CHECK(("recurrence"."duration_ms" IS NULL) <> ("recurrence"."to_time" IS NULL)),
	CONSTRAINT "recurrence_mode_is_known" CHECK("recurrence"."mode" IN ('full', 'readonly'))
);
--> statement-breakpoint
CREATE INDEX `recurrence_by_site` ON `recurrence` (`site_id`);--> statement-breakpoint
ALTER TABLE `period` ADD `expected_end_at` integer;--> statement-breakpoint
ALTER TABLE `period` ADD `lease_ms` integer;--> statement-breakpoint
ALTER TABLE `period` ADD `lease_end_at` integer;--> statement-breakpoint
CREATE INDEX `period_with_lease` ON `period` (`lease_end_at`) WHERE "period"."lease_end_at" IS NOT NULL;