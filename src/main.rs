//! The `raddle` command; all of it is in the library.
#![forbid(unsafe_code)]

/// A run makes and drops many small things, and loading a program makes and drops its syntax tree.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    raddle::cli::main()
}
