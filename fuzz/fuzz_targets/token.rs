//! Any text as a token: it is refused, or it reads and writes back, and a replay by it ends.
//!
//! The checksum would stop nearly all that a fuzzer makes. So the input is read a second time as the bytes of a token without
//! length, digest and checksum, and these are put around it.

#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use raddle::explore::Token;
use raddle::run::{Options, Session, load_source};

const PROGRAM: &str = include_str!("../../programs/condition/two_consumers_if.py");

thread_local! {
    static SESSION: RefCell<Session> = RefCell::new(Session::new(load_source("fuzz.py", PROGRAM, false).unwrap()));
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        check(text);
    }
    let digest = SESSION.with_borrow(|session| session.program().digest);
    check(&wrapped(digest, bytes));
});

fn check(text: &str) {
    let token = match text.parse::<Token>() {
        Ok(token) => token,
        Err(error) => return drop(error.to_string()),
    };
    let written = token.to_string();
    assert_eq!(Token::decode(&written).as_ref(), Ok(&token), "{written}");
    let options = Options {
        max_steps: 5_000,
        max_memory: 32 << 20,
        ..Options::default()
    };
    SESSION.with_borrow_mut(|session| match session.replay(&token, &options) {
        Ok(result) => {
            let again = session.replay(&result.token.parse().unwrap(), &options).unwrap();
            assert_eq!(again.output, result.output);
        }
        Err(error) => drop(error.to_string()),
    });
}

/// The text of a token of which `body` is all but length, digest and checksum.
fn wrapped(digest: u32, body: &[u8]) -> String {
    let mut bytes = Vec::new();
    let mut rest = body.len() + 8;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes.extend(digest.to_le_bytes());
    bytes.extend(body);
    let crc = !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 0 { 0 } else { 0xEDB8_8320 }
        })
    });
    bytes.extend(crc.to_le_bytes());
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::from("rd1-");
    for chunk in bytes.chunks(3) {
        let mut word = [0; 4];
        word[1..=chunk.len()].copy_from_slice(chunk);
        let word = u32::from_be_bytes(word);
        text.extend((0..=chunk.len()).map(|i| char::from(alphabet[(word >> (18 - 6 * i) & 63) as usize])));
    }
    text
}
