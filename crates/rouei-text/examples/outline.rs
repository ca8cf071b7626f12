//! Prints what rouei reads of files: `cargo run -p rouei-text --example outline -- FILE…`

fn main() {
    for path in std::env::args().skip(1) {
        match std::fs::read(&path) {
            Ok(bytes) => {
                let hints = rouei_text::Hints { path: Some(path.clone()), ..Default::default() };
                println!("== {path}\n{}", rouei_text::outline(&rouei_text::read(&bytes, &hints)));
            }
            Err(error) => eprintln!("{path}: {error}"),
        }
    }
}
