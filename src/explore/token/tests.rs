use super::*;
use crate::explore::choice::ChoiceKind;
use crate::id::ThreadId;
use proptest::prelude::*;

fn schedule(choices: &[(bool, u32)]) -> Schedule {
    let mut schedule = Schedule::new();
    for (depth, (waiter, thread)) in choices.iter().enumerate() {
        let kind = if *waiter {
            ChoiceKind::Waiter
        } else {
            ChoiceKind::Thread
        };
        schedule.push(kind, ThreadId(*thread), 0, 2, depth as u64);
    }
    schedule
}

fn key() -> impl Strategy<Value = RunKey> {
    let switch = prop_oneof![
        Just(SwitchMode::Sync),
        Just(SwitchMode::Gil),
        Just(SwitchMode::Shared)
    ];
    let flags = (any::<bool>(), any::<bool>());
    let default = RunKey::default();
    let numbers = (
        prop_oneof![Just(0), any::<u32>()],
        prop_oneof![Just(default.step_cost), any::<u64>()],
        prop_oneof![Just(default.start_time), any::<u64>()],
        prop_oneof![Just(0), any::<u64>()],
    );
    (switch, flags, numbers).prop_map(
        |(switch, (free, fifo), (spurious, step_cost, start_time, data_seed))| {
            let time = if free {
                TimeMode::Free
            } else {
                TimeMode::Virtual
            };
            RunKey {
                switch,
                time,
                spurious,
                step_cost,
                fifo,
                start_time,
                data_seed,
            }
        },
    )
}

fn token() -> impl Strategy<Value = Token> {
    let thread = prop_oneof![4 => 0u32..4, 1 => 0u32..10_000];
    let choice = (prop::bool::weighted(0.1), thread);
    let listed = prop::collection::vec((choice, 1usize..40), 0..60).prop_map(|runs| {
        let choices: Vec<_> = runs
            .into_iter()
            .flat_map(|(c, n)| std::iter::repeat_n(c, n))
            .collect();
        Choices::Listed(schedule(&choices))
    });
    let seeded = ("[a-z]{1,9}", any::<u64>(), any::<u64>(), any::<u64>()).prop_map(
        |(strategy, seed, count, hash)| Choices::Seeded {
            strategy,
            seed,
            count,
            hash,
        },
    );
    (any::<u32>(), key(), prop_oneof![3 => listed, 1 => seeded]).prop_map(
        |(program, key, choices)| Token {
            program,
            key,
            choices,
        },
    )
}

proptest! {
    #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

    #[test]
    fn what_is_written_is_read_back(token in token()) {
        let text = token.to_string();
        prop_assert_eq!(text.len(), token.text_len());
        prop_assert_eq!(Token::decode(&text), Ok(token));
    }

    #[test]
    fn no_wrong_character_goes_unnoticed(token in token(), at: prop::sample::Index, wrong in "[ -~é]") {
        let text = token.to_string();
        let at = at.index(text.len());
        let garbled = format!("{}{wrong}{}", &text[..at], &text[at + 1..]);
        prop_assert!(garbled == text || Token::decode(&garbled).is_err(), "{}", garbled);
    }

    #[test]
    fn no_cut_goes_unnoticed(token in token(), at: prop::sample::Index) {
        let text = token.to_string();
        let at = at.index(text.len());
        let error = Token::decode(&text[..at]).expect_err("cut off");
        prop_assert!(matches!(error, TokenError::Truncated | TokenError::NotAToken), "{:?}", error);
        let error = Token::decode(&format!("{text}{}", &text[..at])).is_err();
        prop_assert!(error || at == 0);
    }

    #[test]
    fn nothing_makes_the_reader_panic(text in "(rd1-)?[A-Za-z0-9_-]{0,60}", bytes: Vec<u8>) {
        _ = Token::decode(&text);
        // Past the checksum.
        let mut framed = Vec::new();
        put_varint(&mut framed, bytes.len() as u64 + 4);
        framed.extend(bytes);
        framed.extend(crc32(&framed).to_le_bytes());
        let mut text = prefix();
        put_base64(&mut text, &framed);
        _ = Token::decode(&text);
    }
}

#[test]
fn every_byte_matters() {
    let token = Token::new(
        0xDEAD_BEEF,
        RunKey::default(),
        schedule(&[(false, 1), (false, 2)]),
        None,
    );
    let text = token.to_string();
    for at in 0..text.len() {
        for byte in 0..=127u8 {
            let mut garbled = text.clone().into_bytes();
            let c = char::from(byte);
            if garbled[at] == byte {
                continue;
            }
            garbled[at] = byte;
            let garbled = String::from_utf8(garbled).expect("ASCII");
            // White space before a token is no part of it.
            assert!(Token::decode(&garbled).is_err(), "{c:?} at {at}: {garbled}");
        }
    }
}

#[test]
fn a_token_of_each_form_never_changes() {
    let few = schedule(&[(false, 1), (false, 1), (false, 1), (true, 2), (false, 0)]);
    let listed = Token::new(0x0123_4567, RunKey::default(), few, None);
    assert_eq!(
        listed.to_string(),
        "rd1-GWdFIwECAQWOFKKJB_THFgMAAgWVAI_hpkc"
    );
    let many: Vec<_> = (0..40_000u32).map(|i| (false, i * i % 7 % 3)).collect();
    let key = RunKey {
        time: TimeMode::Free,
        spurious: 2,
        data_seed: 300,
        ..RunKey::default()
    };
    let packed = Token::new(
        0x0123_4567,
        key.clone(),
        schedule(&many[..12]),
        Some(("random", 7)),
    );
    assert_eq!(
        packed.to_string(),
        "rd1-HWdFIwGWAqwCAQxSrg5vbSSvfQMAAgSUFqW7RUuf"
    );
    let seeded = Token::new(0x0123_4567, key, schedule(&many), Some(("random", 7)));
    assert_eq!(
        seeded.to_string(),
        "rd1-IGdFIwGWAqwCAgZyYW5kb20HwLgCAuKn43dHgi6VjgL-"
    );
    assert!(seeded.fits(&schedule(&many)) && !seeded.fits(&schedule(&many[1..])));
    for token in [listed, packed, seeded] {
        assert_eq!(Token::decode(&token.to_string()), Ok(token));
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let token = Token::new(
        7,
        RunKey::default(),
        schedule(&[(false, 1), (false, 2)]),
        None,
    );
    let text = token.to_string();
    let error = |text: &str| Token::decode(text).expect_err("wrong").to_string();
    assert_eq!(
        error("hello"),
        "not a schedule token (they begin with \"rd1-\")"
    );
    assert_eq!(error(""), error("hello"));
    assert_eq!(
        error(&text.replace("rd1", "rd12")),
        "a schedule token of format 12; this raddle knows formats up to 1"
    );
    assert_eq!(
        error(&format!("{}!", &text[..8])),
        "not a schedule token: '!' at position 8 does not belong there"
    );
    assert_eq!(
        error(&text[..text.len() - 3]),
        "the schedule token is cut off"
    );
    assert_eq!(
        error(&format!("{text}AAAA")),
        "the schedule token has characters after its end"
    );
    let other = if &text[12..13] == "A" { "B" } else { "A" };
    assert_eq!(
        error(&format!("{}{other}{}", &text[..12], &text[13..])),
        "the schedule token is garbled (its checksum is wrong)"
    );
    assert_eq!(
        token.check_program(8).expect_err("another").to_string(),
        "the schedule token is for another program or another state of it (source digest 00000007, here 00000008)"
    );
}

#[test]
fn a_token_may_be_broken_over_lines() {
    let token = Token::new(7, RunKey::default(), schedule(&[(false, 1); 300]), None);
    let text = token.to_string();
    let broken = format!("  {}\n    {}\n", &text[..15], &text[15..]);
    assert_eq!(Token::decode(&broken), Ok(token));
}
