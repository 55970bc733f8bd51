CREATE TABLE `bypass` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` integer,
	`label` text NOT NULL,
	`expires_at` integer NOT NULL,
	`path` text NOT NULL,
	`single_use` integer NOT NULL,
	`insecure_cookie` integer NOT NULL,
	`token_hash` text NOT NULL,
	`redeemed_at` integer,
	`key_id` integer NOT NULL,
	FOREIGN KEY (`site_id`) REFERENCES `site`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "bypass_path_is_absolute" CHECK("bypass"."path" LIKE '/%'),
	CONSTRAINT "bypass_has_token_hash" CHECK(length("bypass"."token_hash") = 43)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bypass_token_hash_unique` ON `bypass` (`token_hash`);--> statement-breakpoint
CREATE INDEX `bypass_by_site` ON `bypass` (`site_id`);--> statement-breakpoint
CREATE INDEX `bypass_by_expiry` ON `bypass` (`expires_at`);--> statement-breakpoint
CREATE TABLE `bypass_key` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`secret` text NOT NULL,
	`created_at` integer NOT NULL
);
