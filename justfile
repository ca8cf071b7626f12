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

# Too long for CI: memory over 100,000 documents, which stays below 200 MB
soak:
    cargo bench -p rouei --bench soak

# Licences, advisories and crate boundaries (needs cargo-deny)
deny:
    cargo deny check
