//! SQLite: captures, documents, disclosures, claims, reviews, runs; migrations.
