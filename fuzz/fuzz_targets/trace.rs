//! Any bytes as a trace file: they are refused, or they read, render, write and read back as the same trace.

#![no_main]

use libfuzzer_sys::fuzz_target;
use raddle::explore::Token;
use raddle::render::style::Palette;
use raddle::render::text;
use raddle::run::{Options, settings};
use raddle::trace::codec;

fuzz_target!(|bytes: &[u8]| {
    let trace = match codec::read(bytes) {
        Ok(trace) => trace,
        Err(error) => return drop(error.to_string()),
    };
    text::to_string(&trace, &Palette::PLAIN);
    let mut written = Vec::new();
    codec::write(&trace, &mut written).expect("memory takes all");
    let back = codec::read(&written[..]).expect("what was written can be read");
    assert_eq!(back, trace);
    // What `replay` takes from it.
    let mut options = Options::default();
    if settings::read_text(&mut options, &trace.header.options).is_ok() {
        let text = settings::to_text(&options);
        let mut again = Options::default();
        settings::read_text(&mut again, &text).expect("what was written can be read");
        assert_eq!(again, options);
    }
    let _ = trace.footer.token.parse::<Token>();
});
