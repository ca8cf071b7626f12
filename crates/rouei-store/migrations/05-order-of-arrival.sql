-- The latest answer is the one that came last, not the one with the latest time: a clock may have been set back since.
DROP VIEW latest_response;

CREATE VIEW latest_response AS
SELECT c.*
FROM capture c
WHERE c.record_type = 'response' AND c.status = 200 AND c.page_sign IS NULL
  AND c.id = (SELECT l.id FROM capture l
              WHERE l.url = c.url AND l.record_type = 'response' AND l.status = 200 AND l.page_sign IS NULL
              ORDER BY l.id DESC LIMIT 1);
