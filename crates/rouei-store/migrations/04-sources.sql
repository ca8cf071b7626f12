-- What a page of status 200 turned out to be instead of what was asked for (soft_404, cookie_wall, login_wall,
-- script_shell): nothing is read from it, and what was read of the address before stays.
ALTER TABLE capture ADD COLUMN page_sign TEXT;

DROP VIEW latest_response;
-- The latest whole answer of each address that is a page: what `rouei reextract` reads.
CREATE VIEW latest_response AS
SELECT c.*
FROM capture c
WHERE c.record_type = 'response' AND c.status = 200 AND c.page_sign IS NULL
  AND c.id = (SELECT l.id FROM capture l
              WHERE l.url = c.url AND l.record_type = 'response' AND l.status = 200 AND l.page_sign IS NULL
              ORDER BY l.captured DESC, l.id DESC LIMIT 1);

-- What is wrong with a source, from the run that noticed it to the run that found it gone.
CREATE TABLE alarm (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    source    TEXT NOT NULL,                          -- id in sources.yaml
    kind      TEXT NOT NULL,                          -- too_few, too_many, silent, discovery, pages, lacks_title, …
    since     TEXT NOT NULL,                          -- when it was noticed first
    message   TEXT NOT NULL,                          -- one sentence, as it was seen last
    signature TEXT NOT NULL,                          -- what makes it another trouble of the same kind
    told      TEXT,                                   -- when it was told last; NULL: nobody could be told yet
    ended     TEXT                                    -- NULL while it lasts
) STRICT;
CREATE UNIQUE INDEX alarm_lasting ON alarm (source, kind) WHERE ended IS NULL;

-- Hashes by which documents of like text find each other (MinHash in bands).
CREATE TABLE text_band (
    band        INTEGER NOT NULL,
    hash        INTEGER NOT NULL,
    document_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    PRIMARY KEY (band, hash, document_id)
) STRICT;
CREATE INDEX text_band_document ON text_band (document_id);

-- Documents of other sites that carry nearly the same text: the later one names the earlier.
CREATE TABLE near_duplicate (
    document_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    of          TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    containment REAL NOT NULL,                        -- part of the shorter text that stands in the other, 0 to 1
    PRIMARY KEY (document_id, of)
) STRICT;
CREATE INDEX near_duplicate_of ON near_duplicate (of);

-- Of a text that is withdrawn nothing stays, its hashes neither.
CREATE TRIGGER withdrawn_text_is_forgotten AFTER UPDATE OF text ON document WHEN NEW.text IS NULL
BEGIN
    DELETE FROM text_band WHERE document_id = NEW.id;
    DELETE FROM near_duplicate WHERE document_id = NEW.id OR of = NEW.id;
END;
