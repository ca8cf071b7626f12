-- Captures whose page names another address as its own: asked for with each document that is read.
CREATE INDEX capture_canonical ON capture (canonical_url) WHERE canonical_url <> url;
