//! The JSON Schema of the contract is the one that the types give.

#![allow(clippy::unwrap_used)]

use std::path::Path;

#[test]
fn extraction_schema_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/extraction.schema.json");
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(rouei_model::Extraction)).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == schema, "schemas/extraction.schema.json differs; run with UPDATE_SCHEMAS=1 and review the change");
}
