//! Lists the records of WARC files, with what was skipped, and verifies folders:
//!
//! `cargo run -p rouei-archive --example list_archive -- FILE|DIR…`

use std::{env, error::Error, path::Path};

use rouei_archive::{ArchiveReader, verify};

fn main() -> Result<(), Box<dyn Error>> {
    for file in env::args().skip(1) {
        println!("{file}");
        if Path::new(&file).is_dir() {
            println!("{:#?}", verify(Path::new(&file))?);
            continue;
        }
        for record in ArchiveReader::open(Path::new(&file))? {
            match record {
                Ok(record) => {
                    let page = match record.page() {
                        Some(Ok(page)) => format!("{:?} {} bytes {:?}", page.status, page.body.len(), page.notes),
                        Some(Err(reason)) => reason,
                        None => String::new(),
                    };
                    let url = record.url().unwrap_or("-");
                    println!("{:>10} {:<9} {url} {page}", record.offset, record.record_type().code());
                }
                Err(bad) => println!("skipped: {bad}"),
            }
        }
    }
    Ok(())
}
