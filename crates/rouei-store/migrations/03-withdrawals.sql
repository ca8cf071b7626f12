-- Addresses that were withdrawn: nothing of them is read, reported, exported or handed out, whatever a later run finds.
-- Decisions are only ever added; the latest of an address stands. The same list stands beside the archive's files.
CREATE TABLE withdrawal (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    url      TEXT NOT NULL,                           -- document.url
    action   TEXT NOT NULL CHECK (action IN ('withdraw', 'reinstate')),
    reason   TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    decided  TEXT NOT NULL
) STRICT;
CREATE INDEX withdrawal_url ON withdrawal (url, id);

CREATE TRIGGER withdrawal_is_never_changed BEFORE UPDATE ON withdrawal
BEGIN
    SELECT RAISE(ABORT, 'a withdrawal is never changed; reinstate the address');
END;
CREATE TRIGGER withdrawal_is_never_deleted BEFORE DELETE ON withdrawal
BEGIN
    SELECT RAISE(ABORT, 'a withdrawal is never deleted; reinstate the address');
END;

-- What is withdrawn now.
CREATE VIEW withdrawn_address AS
SELECT w.url, w.reason, w.reviewer, w.decided
FROM withdrawal w
WHERE w.action = 'withdraw' AND w.id = (SELECT max(l.id) FROM withdrawal l WHERE l.url = w.url);
