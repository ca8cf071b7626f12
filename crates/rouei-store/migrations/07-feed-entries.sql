-- Entries that were read out of a feed itself: one row for each text that an entry had, at the capture that brought it
-- first. A feed that is captured again with the same entry adds none.
CREATE TABLE feed_entry (
    capture_id INTEGER NOT NULL REFERENCES capture (id),
    url        TEXT NOT NULL,                         -- document.url
    sha256     TEXT NOT NULL,                         -- of title and text: document.sha256
    PRIMARY KEY (capture_id, url)
) STRICT;
CREATE INDEX feed_entry_url ON feed_entry (url, capture_id);

-- Of the capture of a feed, how many entries were looked at; NULL: nobody has looked yet.
ALTER TABLE capture ADD COLUMN entries INTEGER;
-- Few captures are feeds whose entries are read (role 'feed').
CREATE INDEX capture_unread_feed ON capture (id) WHERE role = 'feed' AND entries IS NULL;
