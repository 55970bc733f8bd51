ALTER TABLE `site` ADD `redirect_url` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `site` ADD `origins` text DEFAULT '' NOT NULL;