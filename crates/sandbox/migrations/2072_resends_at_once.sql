-- Whether, and how often, a notice follows itself at once when people pay face to face.
ALTER TABLE sandbox_apps ADD COLUMN resends_at_once BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sandbox_notices ADD COLUMN at_once BIGINT NOT NULL DEFAULT 0;
