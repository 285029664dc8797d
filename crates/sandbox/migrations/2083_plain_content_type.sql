-- Whether notices go out under a Content-Type that every parser takes.
ALTER TABLE sandbox_apps ADD COLUMN plain_content_type BOOLEAN NOT NULL DEFAULT FALSE;
