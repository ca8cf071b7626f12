#![no_main]

#[path = "../targets.rs"]
mod targets;

// The library's panics are an outcome that `rouei_pdf` expects, in a thread of that name; those of anybody else end the run.
libfuzzer_sys::fuzz_target!(
    init: {
        let abort = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().name() != Some("pdf") {
                abort(info);
            }
        }));
    },
    |bytes: &[u8]| targets::run("pdf", bytes)
);
