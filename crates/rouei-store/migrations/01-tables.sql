-- Conventions: times are RFC 3339 in UTC with nine digits of fraction, so that text order is time order; dates are
-- YYYY-MM-DD (Asia/Tokyo); flags are 0 or 1; vocabularies are the codes of the JSON contract; NULL means unknown,
-- never 0; lists of plain strings are JSON arrays.

CREATE TABLE capture (
    id             INTEGER PRIMARY KEY,
    record_id      TEXT NOT NULL UNIQUE,              -- WARC-Record-ID, without angle brackets
    source         TEXT NOT NULL,                     -- id in sources.yaml
    role           TEXT,                              -- what it was fetched for: page, listing, feed, robots, …
    url            TEXT NOT NULL,
    canonical_url  TEXT,
    captured       TEXT NOT NULL,
    status         INTEGER NOT NULL,                  -- HTTP status code
    record_type    TEXT NOT NULL CHECK (record_type IN ('response', 'revisit')),
    payload_digest TEXT NOT NULL,                     -- of a revisit, the digest of the original
    etag           TEXT,
    last_modified  TEXT,
    content_type   TEXT,
    redirect       TEXT,                              -- Location as received, of a redirect
    fresh_until    TEXT,                              -- by the word of the server (RFC 9111)
    truncated      TEXT,
    found_on       TEXT,                              -- the page that the link stood on
    link_title     TEXT,                              -- beside the link there
    link_date      TEXT,
    warc_file      TEXT NOT NULL,
    warc_offset    INTEGER NOT NULL,
    warc_length    INTEGER NOT NULL,
    UNIQUE (warc_file, warc_offset)
) STRICT;
CREATE INDEX capture_url ON capture (url, captured);
CREATE INDEX capture_payload ON capture (payload_digest);
CREATE INDEX capture_source ON capture (source, captured);

CREATE TABLE document (
    id                TEXT PRIMARY KEY,
    schema_version    INTEGER NOT NULL,               -- of the JSON contract
    extractor_version TEXT NOT NULL,
    capture_id        INTEGER REFERENCES capture (id),
    path              TEXT,
    url               TEXT,
    warc_record       TEXT,
    captured          TEXT,
    sha256            TEXT NOT NULL,
    text_sha256       TEXT NOT NULL,
    title             TEXT,
    publisher         TEXT,
    published         TEXT,
    charset           TEXT,
    kind              TEXT NOT NULL,
    source_tier       TEXT NOT NULL,
    text_chars        INTEGER NOT NULL,               -- code points
    text              TEXT                            -- the text that evidence counts in
) STRICT;
CREATE INDEX document_capture ON document (capture_id);
CREATE INDEX document_url ON document (url);
CREATE INDEX document_text ON document (text_sha256);

-- What the machine read. The columns up to discovered_precision repeat the leading claims for those who read the
-- table by hand; the claim tables hold them all.
CREATE TABLE disclosure (
    id                   TEXT PRIMARY KEY,
    document_id          TEXT NOT NULL REFERENCES document (id),
    ordinal              INTEGER NOT NULL,            -- within the document, from 0
    withdrawn            INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)), -- no longer found, kept for its reviews
    organization         TEXT,                        -- the victim as written
    organization_canonical TEXT,
    headline_claim       TEXT,                        -- NULL for a sum, and where there is no headline count
    headline_value       INTEGER,
    headline_unit        TEXT,
    headline_bound       TEXT,
    headline_approx      INTEGER CHECK (headline_approx IN (0, 1)),
    headline_scope       TEXT,
    headline_derived     TEXT,
    headline_confidence  REAL,
    cause                TEXT,                        -- the main one
    announced_from       TEXT,
    announced_to         TEXT,
    announced_precision  TEXT,
    occurred_from        TEXT,
    occurred_to          TEXT,
    occurred_precision   TEXT,
    discovered_from      TEXT,
    discovered_to        TEXT,
    discovered_precision TEXT,
    card_data            TEXT,
    leak_status          TEXT,
    event                TEXT NOT NULL,
    stage                TEXT NOT NULL,
    confidence           REAL NOT NULL,
    needs_review         INTEGER NOT NULL CHECK (needs_review IN (0, 1))
) STRICT;
CREATE INDEX disclosure_document ON disclosure (document_id, ordinal);
CREATE INDEX disclosure_announced ON disclosure (announced_from);

CREATE TABLE organization_claim (
    disclosure_id TEXT NOT NULL REFERENCES disclosure (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    ordinal       INTEGER NOT NULL,
    name          TEXT NOT NULL,
    canonical     TEXT NOT NULL,
    legal_form    TEXT,
    ticker        TEXT,
    aliases       TEXT NOT NULL,                      -- JSON array
    role          TEXT NOT NULL,
    anonymised    INTEGER NOT NULL CHECK (anonymised IN (0, 1)),
    confidence    REAL NOT NULL,
    rule          TEXT NOT NULL,
    PRIMARY KEY (disclosure_id, id)
) STRICT;
CREATE INDEX organization_claim_canonical ON organization_claim (canonical);

CREATE TABLE count_claim (
    disclosure_id TEXT NOT NULL REFERENCES disclosure (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    ordinal       INTEGER NOT NULL,
    value         INTEGER,
    max_value     INTEGER,
    unit          TEXT NOT NULL,                      -- as written; empty where the text gives none
    bound         TEXT NOT NULL,
    approx        INTEGER NOT NULL CHECK (approx IN (0, 1)),
    cumulative    INTEGER NOT NULL CHECK (cumulative IN (0, 1)),
    scope         TEXT NOT NULL,
    subject       TEXT NOT NULL,
    part_of       TEXT,
    undisclosed   TEXT,
    as_of         TEXT,
    confidence    REAL NOT NULL,
    rule          TEXT NOT NULL,
    PRIMARY KEY (disclosure_id, id)
) STRICT;

CREATE TABLE cause_claim (
    disclosure_id   TEXT NOT NULL REFERENCES disclosure (id) ON DELETE CASCADE,
    id              TEXT NOT NULL,
    ordinal         INTEGER NOT NULL,                 -- 0 is the main cause
    code            TEXT NOT NULL,
    label           TEXT NOT NULL,
    source_label    TEXT,
    vulnerabilities TEXT NOT NULL,                    -- JSON array
    confidence      REAL NOT NULL,
    rule            TEXT NOT NULL,
    PRIMARY KEY (disclosure_id, id)
) STRICT;

CREATE TABLE date_claim (
    disclosure_id TEXT NOT NULL REFERENCES disclosure (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    ordinal       INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    date_from     TEXT,
    date_to       TEXT,
    precision     TEXT NOT NULL,
    confidence    REAL NOT NULL,
    rule          TEXT NOT NULL,
    PRIMARY KEY (disclosure_id, id)
) STRICT;

CREATE TABLE data_type_claim (
    disclosure_id TEXT NOT NULL REFERENCES disclosure (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,                      -- t1, t2, …: given by the store, to tie the evidence
    ordinal       INTEGER NOT NULL,
    code          TEXT NOT NULL,
    state         TEXT NOT NULL,
    confidence    REAL NOT NULL,
    rule          TEXT NOT NULL,
    PRIMARY KEY (disclosure_id, id)
) STRICT;

CREATE TABLE evidence (
    disclosure_id TEXT NOT NULL REFERENCES disclosure (id) ON DELETE CASCADE,
    claim_id      TEXT NOT NULL,                      -- o1, c1, k1, d1, t1, …
    ordinal       INTEGER NOT NULL,
    start         INTEGER NOT NULL,                   -- code points of document.text
    "end"         INTEGER NOT NULL,
    quote         TEXT NOT NULL,
    PRIMARY KEY (disclosure_id, claim_id, ordinal)
) STRICT;

CREATE TABLE issue (
    id            INTEGER PRIMARY KEY,
    document_id   TEXT NOT NULL REFERENCES document (id),
    disclosure_id TEXT REFERENCES disclosure (id) ON DELETE CASCADE, -- NULL: about the whole document
    ordinal       INTEGER NOT NULL,
    code          TEXT NOT NULL,
    message       TEXT NOT NULL
) STRICT;
CREATE INDEX issue_document ON issue (document_id, disclosure_id, ordinal);
CREATE INDEX issue_disclosure ON issue (disclosure_id);

-- Human decisions: only ever added. The columns from organization on hold what the decision makes of the record: of a
-- correction the one field that it is about, of an accepted record all of them as they were shown.
CREATE TABLE review (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    disclosure_id        TEXT NOT NULL REFERENCES disclosure (id),
    field                TEXT NOT NULL CHECK (field IN ('record', 'organization', 'headline_count', 'cause',
                                                        'announced', 'occurred', 'discovered')),
    action               TEXT NOT NULL CHECK (action IN ('accept', 'correct', 'reject', 'undo')),
    value                TEXT,                        -- the correction as typed
    undoes               INTEGER REFERENCES review (id),
    reviewer             TEXT NOT NULL,
    note                 TEXT,
    decided              TEXT NOT NULL,
    basis                TEXT,                        -- what the machine said when the decision was made
    organization         TEXT,
    headline_value       INTEGER,
    headline_unit        TEXT,
    headline_bound       TEXT,
    headline_approx      INTEGER,
    headline_scope       TEXT,
    headline_derived     TEXT,
    cause                TEXT,
    announced_from       TEXT,
    announced_to         TEXT,
    announced_precision  TEXT,
    occurred_from        TEXT,
    occurred_to          TEXT,
    occurred_precision   TEXT,
    discovered_from      TEXT,
    discovered_to        TEXT,
    discovered_precision TEXT,
    CHECK ((action = 'undo') = (undoes IS NOT NULL)),
    CHECK ((action = 'correct') = (value IS NOT NULL)),
    CHECK (action <> 'reject' OR field = 'record')
) STRICT;
CREATE INDEX review_disclosure ON review (disclosure_id, field, id);
CREATE UNIQUE INDEX review_undoes ON review (undoes) WHERE undoes IS NOT NULL;

CREATE TRIGGER review_is_never_changed BEFORE UPDATE ON review
BEGIN
    SELECT RAISE(ABORT, 'a review is never changed; undo it by another');
END;
CREATE TRIGGER review_is_never_deleted BEFORE DELETE ON review
BEGIN
    SELECT RAISE(ABORT, 'a review is never deleted; undo it by another');
END;
-- INSERT OR REPLACE deletes without firing a trigger for it.
CREATE TRIGGER review_is_never_replaced BEFORE INSERT ON review
WHEN EXISTS (SELECT 1 FROM review WHERE id = NEW.id OR undoes = NEW.undoes)
BEGIN
    SELECT RAISE(ABORT, 'a review is never replaced; undo it by another');
END;

CREATE TABLE run (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    command   TEXT NOT NULL,
    started   TEXT NOT NULL,
    ended     TEXT,                                   -- NULL while it runs, and for a run that died
    exit_code INTEGER
) STRICT;

CREATE TABLE run_source (
    run_id    INTEGER NOT NULL REFERENCES run (id),
    source    TEXT NOT NULL,
    found     INTEGER NOT NULL,
    new       INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    failed    INTEGER NOT NULL,
    rejected  INTEGER NOT NULL,
    PRIMARY KEY (run_id, source)
) STRICT;

-- Why something failed or was rejected.
CREATE TABLE run_reason (
    run_id  INTEGER NOT NULL,
    source  TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('failed', 'rejected')),
    url     TEXT,
    reason  TEXT NOT NULL,
    PRIMARY KEY (run_id, source, ordinal),
    FOREIGN KEY (run_id, source) REFERENCES run_source (run_id, source)
) STRICT;

CREATE TABLE source_state (
    source       TEXT PRIMARY KEY,
    last_run     TEXT,
    last_success TEXT,
    last_new     TEXT,                                -- when it last yielded something new
    next_due     TEXT,
    failures     INTEGER NOT NULL,                    -- in a row
    last_error   TEXT
) STRICT;
