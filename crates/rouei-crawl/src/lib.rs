//! Sources, discovery, politeness and fetching: from sources.yaml to captures.
