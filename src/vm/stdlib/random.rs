//! The Mersenne Twister behind `random`, as CPython's `Modules/_randommodule.c` has it.
//!
//! Source: Makoto Matsumoto and Takuji Nishimura, MT19937 with initialisation by array (2002).
//! Generators that the program does not seed draw their seed from the run's.

use super::sha512::sha512;
use crate::id::ObjId;
use crate::kernel::op::{Answer, Op, Part};
use crate::value::Value;
use crate::value::object::{Obj, Opaque};
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, Out, Park, Raise, ok, pure};
use num_bigint::{BigInt, BigUint, Sign};

/// Functions for `random`.
pub const FUNCTIONS: &[Entry] = &[
    pure("twister", twister, 0, 0),
    pure("twister_seed", seed, 2, 2),
    pure("twister_random", random, 1, 1),
    pure("twister_bits", bits, 2, 2),
    pure("twister_state", state, 1, 1),
    pure("twister_set_state", set_state, 2, 2),
];

const N: usize = 624;
const M: usize = 397;

/// A position that says: not seeded yet.
const UNSEEDED: u32 = u32::MAX;

type Words = [u32; N + 1];

fn init(words: &mut Words, seed: u32) {
    words[0] = seed;
    for i in 1..N {
        let last = words[i - 1];
        words[i] = 1_812_433_253u32
            .wrapping_mul(last ^ (last >> 30))
            .wrapping_add(i as u32);
    }
    words[N] = N as u32;
}

fn init_by_array(words: &mut Words, key: &[u32]) {
    init(words, 19_650_218);
    let (mut i, mut j) = (1, 0);
    for _ in 0..N.max(key.len()) {
        let last = words[i - 1];
        let mixed = words[i] ^ (last ^ (last >> 30)).wrapping_mul(1_664_525);
        words[i] = mixed.wrapping_add(key[j]).wrapping_add(j as u32);
        i += 1;
        j += 1;
        if i >= N {
            words[0] = words[N - 1];
            i = 1;
        }
        if j >= key.len() {
            j = 0;
        }
    }
    for _ in 0..N - 1 {
        let last = words[i - 1];
        let mixed = words[i] ^ (last ^ (last >> 30)).wrapping_mul(1_566_083_941);
        words[i] = mixed.wrapping_sub(i as u32);
        i += 1;
        if i >= N {
            words[0] = words[N - 1];
            i = 1;
        }
    }
    words[0] = 0x8000_0000;
}

fn next(words: &mut Words) -> u32 {
    if words[N] as usize >= N {
        for i in 0..N {
            let y = (words[i] & 0x8000_0000) | (words[(i + 1) % N] & 0x7fff_ffff);
            let odd = if y & 1 == 0 { 0 } else { 0x9908_b0df };
            words[i] = words[(i + M) % N] ^ (y >> 1) ^ odd;
        }
        words[N] = 0;
    }
    let mut y = words[words[N] as usize];
    words[N] += 1;
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    y ^ (y >> 18)
}

fn float(words: &mut Words) -> f64 {
    let (a, b) = (next(words) >> 5, next(words) >> 6);
    (f64::from(a) * 67_108_864.0 + f64::from(b)) / 9_007_199_254_740_992.0
}

fn state_of(m: &mut Machine, value: Value) -> Result<ObjId, Raise> {
    match value {
        Value::Obj(id) if matches!(m.heap.get(id), Obj::Opaque(_)) => Ok(id),
        _ => Err(m.type_error("a generator's state was expected")),
    }
}

impl Machine {
    /// The words of a generator, seeded from the run's seed if nobody has seeded it.
    fn words(&mut self, id: ObjId) -> &mut Words {
        if matches!(self.heap.get(id), Obj::Opaque(o) if matches!(&**o, Opaque::Twister(w) if w[N] == UNSEEDED))
        {
            let (seed, stream) = (self.options.seed, self.header.random_draws);
            self.header.random_draws += 1;
            // The third word keeps the stream apart from what a program gets by seeding with the same number.
            let key = [seed as u32, (seed >> 32) as u32, 0x7261_6464, stream as u32];
            if let Obj::Opaque(opaque) = self.heap.get_mut(id) {
                let Opaque::Twister(words) = &mut **opaque;
                init_by_array(words, &key);
            }
        }
        match self.heap.get_mut(id) {
            Obj::Opaque(opaque) => {
                let Opaque::Twister(words) = &mut **opaque;
                words
            }
            _ => unreachable!("checked by the caller"),
        }
    }
}

/// A generator without a seed.
fn twister(m: &mut Machine, _: &Args) -> Native {
    let mut words = Box::new([0; N + 1]);
    words[N] = UNSEEDED;
    ok(m.heap
        .new_value(Obj::Opaque(Box::new(Opaque::Twister(words)))))
}

/// `twister_seed(state, seed)`: an int, `str`, `bytes`, or `None` for the run's own.
fn seed(m: &mut Machine, args: &Args) -> Native {
    let id = state_of(m, args.all[0])?;
    let seed = args.all[1];
    if seed.is_none() {
        m.words(id)[N] = UNSEEDED;
        return ok(Value::None);
    }
    let text = m
        .as_str(seed)
        .map(|s| s.as_bytes().to_vec())
        .or_else(|| m.as_bytes(seed).map(<[u8]>::to_vec));
    let number = match text {
        Some(mut bytes) => {
            let digest = sha512(&bytes);
            bytes.extend(digest);
            BigUint::from_bytes_be(&bytes)
        }
        None => match m.as_bigint(seed) {
            Some(n) => n.magnitude().clone(),
            None => {
                return Err(m.type_error(
                    "The only supported seed types are:\nNone, int, float, str, bytes, and bytearray.",
                ));
            }
        },
    };
    let mut key = number.to_u32_digits();
    if key.is_empty() {
        key.push(0);
    }
    init_by_array(m.words(id), &key);
    ok(Value::None)
}

/// Does it now, or in front of a scheduling point when other threads can draw from the same generator.
fn visibly(m: &mut Machine, state: Value, extra: Value, after: crate::vm::native::After) -> Native {
    let id = state_of(m, state)?;
    if m.watching && m.heap.is_shared(id) {
        let op = Op::Access {
            object: id,
            part: Part::Whole,
            write: true,
        };
        return Ok(Out::Park(Park {
            op,
            after,
            extra: Some([state, extra]),
        }));
    }
    after(m, Answer::Done, [state, extra])
}

fn random(m: &mut Machine, args: &Args) -> Native {
    visibly(m, args.all[0], Value::None, draw_float)
}

fn draw_float(m: &mut Machine, _: Answer, [state, _]: [Value; 2]) -> Native {
    let id = state_of(m, state)?;
    ok(Value::Float(float(m.words(id))))
}

/// `twister_bits(state, k)`
fn bits(m: &mut Machine, args: &Args) -> Native {
    match m.need_int(args.all[1])? {
        Some(k) if k < 0 => Err(m.value_error("number of bits must be non-negative")),
        Some(k) => visibly(m, args.all[0], Value::Int(k), draw_bits),
        None => Err(m.type_error("number of bits must be an int")),
    }
}

fn draw_bits(m: &mut Machine, _: Answer, [state, k]: [Value; 2]) -> Native {
    let id = state_of(m, state)?;
    let mut k = m.as_i64(k).unwrap_or(0).min(1 << 30) as u32;
    let words = m.words(id);
    if k <= 32 {
        return ok(Value::Int(if k == 0 {
            0
        } else {
            i64::from(next(words) >> (32 - k))
        }));
    }
    let mut digits = Vec::with_capacity(k as usize / 32 + 1);
    while k > 0 {
        let word = next(words);
        digits.push(if k < 32 { word >> (32 - k) } else { word });
        k = k.saturating_sub(32);
    }
    let n = BigInt::from_biguint(Sign::Plus, BigUint::new(digits));
    ok(m.int(n))
}

/// The 625 numbers of `getstate()[1]`.
fn state(m: &mut Machine, args: &Args) -> Native {
    let id = state_of(m, args.all[0])?;
    let numbers: Vec<Value> = m
        .words(id)
        .iter()
        .map(|&w| Value::Int(i64::from(w)))
        .collect();
    ok(m.tuple(numbers))
}

fn set_state(m: &mut Machine, args: &Args) -> Native {
    let id = state_of(m, args.all[0])?;
    let numbers: Vec<u32> = m
        .as_items(args.all[1])
        .unwrap_or_default()
        .iter()
        .filter_map(|&v| m.as_i64(v))
        .map(|n| n as u32)
        .collect();
    let Ok(words) = Words::try_from(numbers) else {
        return Err(m.value_error("state vector is the wrong size"));
    };
    if words[N] as usize > N {
        return Err(m.value_error("invalid state"));
    }
    *m.words(id) = words;
    ok(Value::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_numbers_are_cpythons() {
        let mut words = [0; N + 1];
        init_by_array(&mut words, &[42]);
        assert_eq!(float(&mut words).to_string(), "0.6394267984578837");
        assert_eq!(float(&mut words).to_string(), "0.025010755222666936");
        init_by_array(&mut words, &[0]);
        assert_eq!(float(&mut words).to_string(), "0.8444218515250481");
    }
}
