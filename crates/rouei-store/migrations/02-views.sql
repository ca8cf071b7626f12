-- Reviews that were not taken back.
CREATE VIEW standing_review AS
SELECT r.*
FROM review r
WHERE r.action <> 'undo' AND NOT EXISTS (SELECT 1 FROM review u WHERE u.undoes = r.id);

-- What the machine says, field by field, in one text each: compared with review.basis to see whether the machine
-- changed its mind after a decision.
CREATE VIEW machine_value AS
SELECT id AS disclosure_id, 'organization' AS field, organization AS value FROM disclosure
UNION ALL
SELECT id, 'headline_count', headline_value || ' ' || headline_unit || ' ' || headline_bound || ' ' || headline_approx
FROM disclosure
UNION ALL
SELECT id, 'cause', cause FROM disclosure
UNION ALL
SELECT id, 'announced', ifnull(announced_from, '') || '/' || ifnull(announced_to, '') FROM disclosure
UNION ALL
SELECT id, 'occurred', ifnull(occurred_from, '') || '/' || ifnull(occurred_to, '') FROM disclosure
UNION ALL
SELECT id, 'discovered', ifnull(discovered_from, '') || '/' || ifnull(discovered_to, '') FROM disclosure
UNION ALL
SELECT id, 'record',
    ifnull(organization, '') || '|' || ifnull(headline_value || headline_unit || headline_bound || headline_approx, '')
    || '|' || ifnull(cause, '') || '|' || ifnull(announced_from, '') || '/' || ifnull(announced_to, '')
    || '|' || ifnull(occurred_from, '') || '/' || ifnull(occurred_to, '')
    || '|' || ifnull(discovered_from, '') || '/' || ifnull(discovered_to, '')
FROM disclosure;

-- The records as they stand: the machine's values under the latest standing decisions. One row per disclosure, with
-- the rejected and withdrawn ones, which have flags.
CREATE VIEW current_disclosure AS
SELECT
    d.id,
    d.document_id,
    d.ordinal,
    c.source,
    p.url,
    p.path,
    p.title,
    p.publisher,
    p.published,
    p.captured,
    p.kind,
    p.source_tier,
    iif(ro.id IS NULL, d.organization, ro.organization) AS organization,
    iif(ro.action = 'correct', ro.organization, d.organization_canonical) AS organization_canonical,
    iif(rh.id IS NULL, d.headline_value, rh.headline_value) AS headline_value,
    iif(rh.id IS NULL, d.headline_unit, rh.headline_unit) AS headline_unit,
    iif(rh.id IS NULL, d.headline_bound, rh.headline_bound) AS headline_bound,
    iif(rh.id IS NULL, d.headline_approx, rh.headline_approx) AS headline_approx,
    iif(rh.id IS NULL, d.headline_scope, rh.headline_scope) AS headline_scope,
    iif(rh.id IS NULL, d.headline_derived, rh.headline_derived) AS headline_derived,
    iif(rk.id IS NULL, d.cause, rk.cause) AS cause,
    iif(ra.id IS NULL, d.announced_from, ra.announced_from) AS announced_from,
    iif(ra.id IS NULL, d.announced_to, ra.announced_to) AS announced_to,
    iif(ra.id IS NULL, d.announced_precision, ra.announced_precision) AS announced_precision,
    iif(rc.id IS NULL, d.occurred_from, rc.occurred_from) AS occurred_from,
    iif(rc.id IS NULL, d.occurred_to, rc.occurred_to) AS occurred_to,
    iif(rc.id IS NULL, d.occurred_precision, rc.occurred_precision) AS occurred_precision,
    iif(rd.id IS NULL, d.discovered_from, rd.discovered_from) AS discovered_from,
    iif(rd.id IS NULL, d.discovered_to, rd.discovered_to) AS discovered_to,
    iif(rd.id IS NULL, d.discovered_precision, rd.discovered_precision) AS discovered_precision,
    d.card_data,
    d.leak_status,
    d.event,
    d.stage,
    d.confidence,
    d.needs_review,
    d.withdrawn,
    -- 1: a reviewer said that this is no disclosure.
    EXISTS (
        SELECT 1 FROM standing_review s
        WHERE s.disclosure_id = d.id AND s.field = 'record' AND s.action = 'reject'
          AND NOT EXISTS (SELECT 1 FROM standing_review l
                          WHERE l.disclosure_id = d.id AND l.field = 'record' AND l.id > s.id)
    ) AS rejected,
    -- 1: somebody decided something about it.
    EXISTS (SELECT 1 FROM standing_review s WHERE s.disclosure_id = d.id) AS decided,
    -- 1: the machine has read something else since the latest decision on the field.
    EXISTS (
        SELECT 1 FROM standing_review s
        WHERE s.disclosure_id = d.id
          AND s.basis IS NOT (SELECT m.value FROM machine_value m
                              WHERE m.disclosure_id = s.disclosure_id AND m.field = s.field)
          AND NOT EXISTS (SELECT 1 FROM standing_review l
                          WHERE l.disclosure_id = d.id AND l.id > s.id AND l.field IN (s.field, 'record'))
    ) AS outdated,
    -- The day that places it in a month: announced, else published, else fetched (Asia/Tokyo).
    coalesce(
        iif(ra.id IS NULL, iif(d.announced_precision = 'year', NULL, d.announced_from),
                           iif(ra.announced_precision = 'year', NULL, ra.announced_from)),
        p.published,
        date(p.captured, '+9 hours')
    ) AS placed
FROM disclosure d
JOIN document p ON p.id = d.document_id
LEFT JOIN capture c ON c.id = p.capture_id
LEFT JOIN review ro ON ro.id = (SELECT max(s.id) FROM standing_review s WHERE s.disclosure_id = d.id
    AND (s.field = 'organization' OR (s.field = 'record' AND s.action = 'accept')))
LEFT JOIN review rh ON rh.id = (SELECT max(s.id) FROM standing_review s WHERE s.disclosure_id = d.id
    AND (s.field = 'headline_count' OR (s.field = 'record' AND s.action = 'accept')))
LEFT JOIN review rk ON rk.id = (SELECT max(s.id) FROM standing_review s WHERE s.disclosure_id = d.id
    AND (s.field = 'cause' OR (s.field = 'record' AND s.action = 'accept')))
LEFT JOIN review ra ON ra.id = (SELECT max(s.id) FROM standing_review s WHERE s.disclosure_id = d.id
    AND (s.field = 'announced' OR (s.field = 'record' AND s.action = 'accept')))
LEFT JOIN review rc ON rc.id = (SELECT max(s.id) FROM standing_review s WHERE s.disclosure_id = d.id
    AND (s.field = 'occurred' OR (s.field = 'record' AND s.action = 'accept')))
LEFT JOIN review rd ON rd.id = (SELECT max(s.id) FROM standing_review s WHERE s.disclosure_id = d.id
    AND (s.field = 'discovered' OR (s.field = 'record' AND s.action = 'accept')));

-- The latest whole answer of each address: what `rouei reextract` reads.
CREATE VIEW latest_response AS
SELECT c.*
FROM capture c
WHERE c.record_type = 'response' AND c.status = 200
  AND c.id = (SELECT l.id FROM capture l
              WHERE l.url = c.url AND l.record_type = 'response' AND l.status = 200
              ORDER BY l.captured DESC, l.id DESC LIMIT 1);
