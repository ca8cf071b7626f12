# The tasks of the project. `just` lists them.

default:
    @just --list

# What CI runs, exactly
check:
    .ci/run

# The whole way on sites that live inside the binary
demo:
    cargo run --release -- demo

# Extraction: documents per second, peak memory, and the floor beside it in the same run
bench:
    cargo bench -p rouei --bench extraction

# Crawling: time over 200 hosts, and pages a second on a local nginx, beside Scrapy's where PYTHON has it
bench-crawl python="":
    cargo bench -p rouei-crawl --bench makespan
    cargo bench -p rouei --bench crawl -- {{ if python == "" { "" } else { "--scrapy " + python } }}

# Property tests with cases that CI does not draw
explore cases="2000":
    PROPTEST_RNG_SEED=$(date +%s) PROPTEST_CASES={{cases}} cargo test --workspace --locked

# Too long for CI: memory over 100,000 documents, which stays below 200 MB; a crawl killed 200 times
soak:
    cargo bench -p rouei --bench soak
    cargo bench -p rouei --bench kills

# Licences, advisories and crate boundaries (needs cargo-deny)
deny:
    cargo deny check

# Coverage-guided fuzzing of one target (decode html pdf warc numerals dates extract); needs cargo-fuzz
fuzz target seconds="600":
    mkdir -p target/fuzz/{{target}}
    cargo fuzz run --fuzz-dir tests/fuzz --target-dir target/fuzz-build -s none {{target}} target/fuzz/{{target}} fixtures/gold/items fixtures/gold/html fixtures/pdf fixtures/fuzz/seeds -- -max_total_time={{seconds}} -timeout=20 -rss_limit_mb=2048
