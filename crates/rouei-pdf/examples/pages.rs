//! Prints the text of a PDF: `cargo run -p rouei-pdf --example pages FILE…`.

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        println!("== {path}");
        match rouei_pdf::pages(&std::fs::read(&path)?) {
            Ok(pages) => println!("{}", pages.join("\n--\n")),
            Err(error) => println!("! {error}"),
        }
    }
    Ok(())
}
