//! `hash(v)` with CPython's values, as under `PYTHONHASHSEED=0`.
//!
//! Sources: `Python/pyhash.c`, `Objects/tupleobject.c`, `Objects/setobject.c`, `Objects/sliceobject.c`,
//! `Objects/rangeobject.c` of CPython 3.13. What CPython hashes by address is hashed by number of the heap object.

use super::MAX_DEPTH;
use crate::value::Value;
use crate::value::object::{Obj, Range, Str, ViewKind};
use crate::value::set::Set;
use crate::vm::machine::Machine;
use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;
use siphasher::sip::SipHasher13;

/// What hashing a value comes to.
#[derive(Clone, Copy, Debug)]
pub enum Hashed {
    /// Its hash.
    Hash(u64),
    /// A `__hash__` written in Python has a say.
    Python,
    /// This value, or one inside of it, has no hash.
    Unhashable(Value),
}

/// The Mersenne prime that numbers are hashed modulo.
const MODULUS: u64 = (1 << 61) - 1;
const BITS: u32 = 61;
const XX_1: u64 = 11_400_714_785_074_694_791;
const XX_2: u64 = 14_029_467_366_897_019_727;
const XX_5: u64 = 2_870_177_450_012_600_261;
/// What the tuple and slice hash give instead of -1.
const XX_MINUS_ONE: u64 = 1_546_275_796;
pub(super) const NONE: u64 = 0xfca8_6420;

/// -1 is CPython's sign of failure and never a hash.
fn no_minus_one(hash: u64) -> u64 {
    if hash == u64::MAX { hash - 1 } else { hash }
}

/// Hash of an `int`.
#[inline]
pub fn hash_int(n: i64) -> u64 {
    let magnitude = n.unsigned_abs() % MODULUS;
    no_minus_one(if n < 0 {
        magnitude.wrapping_neg()
    } else {
        magnitude
    })
}

pub(super) fn hash_big(n: &BigInt) -> u64 {
    let magnitude = (n.magnitude() % MODULUS).to_u64().unwrap_or(0);
    no_minus_one(if n.sign() == Sign::Minus {
        magnitude.wrapping_neg()
    } else {
        magnitude
    })
}

/// Hash of a `float`: that of the `int` of equal value if there is one.
pub fn hash_float(x: f64) -> u64 {
    if x.is_nan() {
        return x.to_bits() >> 4;
    }
    if x.is_infinite() {
        return if x > 0.0 {
            314_159
        } else {
            314_159u64.wrapping_neg()
        };
    }
    if x.trunc() == x && x.abs() < 9e18 {
        return hash_int(x as i64);
    }
    // x = m * 2**e, modulo 2**61 - 1, where powers of two rotate.
    let bits = x.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let (m, e) = match (bits >> 52) as i32 & 0x7ff {
        0 => (fraction, -1074),
        biased => (fraction | 1 << 52, biased - 1075),
    };
    let turn = e.rem_euclid(BITS as i32) as u32;
    let magnitude =
        ((m << turn) & MODULUS | if turn == 0 { 0 } else { m >> (BITS - turn) }) % MODULUS;
    no_minus_one(if x < 0.0 {
        magnitude.wrapping_neg()
    } else {
        magnitude
    })
}

/// Hash of a `bytes`, and of the buffer of a `str`.
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    if bytes.is_empty() {
        return 0;
    }
    no_minus_one(SipHasher13::new_with_keys(0, 0).hash(bytes))
}

/// Hash of a `str`: of CPython's buffer, whose units are as wide as the largest character needs.
pub fn hash_str(text: &str) -> u64 {
    if text.is_ascii() {
        return hash_bytes(text.as_bytes());
    }
    let largest = text.chars().max().unwrap_or('\0');
    let buffer: Vec<u8> = match largest {
        ..='\u{ff}' => text.chars().map(|c| c as u8).collect(),
        ..='\u{ffff}' => text
            .chars()
            .flat_map(|c| (c as u16).to_ne_bytes())
            .collect(),
        _ => text
            .chars()
            .flat_map(|c| (c as u32).to_ne_bytes())
            .collect(),
    };
    hash_bytes(&buffer)
}

impl Str {
    /// The hash, computed unless it is there.
    pub fn hash(&self) -> u64 {
        match self.hash {
            0 => hash_str(&self.text),
            known => known,
        }
    }
}

/// The running hash of tuples and slices: xxHash's, one lane per item.
struct Lanes(u64);

impl Lanes {
    fn add(&mut self, hash: u64) {
        self.0 = self
            .0
            .wrapping_add(hash.wrapping_mul(XX_2))
            .rotate_left(31)
            .wrapping_mul(XX_1);
    }

    fn end(self, salt: u64) -> u64 {
        match self.0.wrapping_add(salt) {
            u64::MAX => XX_MINUS_ONE,
            hash => hash,
        }
    }
}

/// What the length of a tuple adds to its hash.
fn tuple_salt(len: usize) -> u64 {
    len as u64 ^ (XX_5 ^ 3_527_539)
}

pub(super) fn hash_tuple(hashes: &[u64]) -> u64 {
    let mut lanes = Lanes(XX_5);
    hashes.iter().for_each(|&hash| lanes.add(hash));
    lanes.end(tuple_salt(hashes.len()))
}

/// Hash of a `frozenset`.
pub fn hash_set(set: &Set) -> u64 {
    let spread = |h: u64| ((h ^ 89_869_747) ^ (h << 16)).wrapping_mul(3_644_798_167);
    let mut hash = set.iter().fold(0, |all, (hash, _)| all ^ spread(hash));
    hash ^= (set.len() as u64 + 1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
    if hash == u64::MAX { 590_923_713 } else { hash }
}

fn hash_range(range: &Range) -> u64 {
    let len = range.len();
    let part = |given: bool, n: i64| if given { hash_int(n) } else { NONE };
    hash_tuple(&[
        hash_int(len),
        part(len > 0, range.start),
        part(len > 1, range.step),
    ])
}

impl Machine {
    /// `hash(v)`.
    #[inline]
    pub fn hash(&self, v: Value) -> Hashed {
        self.hash_at(v, 0)
    }

    /// `hash(v)` as the builtin type of `v` computes it, whatever its class defines.
    pub(super) fn builtin_hash(&self, v: Value) -> Hashed {
        match v {
            Value::Obj(id) if matches!(self.heap.get(id), Obj::Instance(_) | Obj::Class(_)) => {
                match self.unwrap(v) {
                    Value::Obj(same) if same == id => Hashed::Hash(id.0.into()),
                    inner => self.hash_at(inner, 0),
                }
            }
            _ => self.hash_at(v, 0),
        }
    }

    /// The hash of a tuple or slice whose items' hashes are these: for the prelude's twin.
    pub(crate) fn hash_of_hashes(&self, hashes: &[Value], tuple: bool) -> u64 {
        let mut lanes = Lanes(XX_5);
        hashes
            .iter()
            .for_each(|&hash| lanes.add(self.as_i64(hash).unwrap_or(0) as u64));
        lanes.end(if tuple { tuple_salt(hashes.len()) } else { 0 })
    }

    fn hash_at(&self, v: Value, depth: u32) -> Hashed {
        if depth > MAX_DEPTH {
            return Hashed::Python;
        }
        Hashed::Hash(match v {
            Value::Int(n) => hash_int(n),
            Value::Bool(b) => b.into(),
            Value::Float(x) => hash_float(x),
            Value::None => NONE,
            Value::NotImplemented => 0x9060 >> 4,
            Value::Ellipsis => 0x9080 >> 4,
            Value::Unbound => 0,
            Value::Obj(id) => {
                let by_identity = Hashed::Hash(id.0.into());
                match self.heap.get(id) {
                    Obj::Str(s) => s.hash(),
                    Obj::Bytes(bytes) => hash_bytes(bytes),
                    Obj::BigInt(n) => hash_big(n),
                    Obj::Tuple(items) => return self.hash_items(items, depth + 1),
                    Obj::FrozenSet(set) => hash_set(set),
                    Obj::Range(range) => hash_range(range),
                    Obj::HugeRange(range) => return range.hash(),
                    Obj::Slice(parts) => return self.hash_slice(&parts[..], depth + 1),
                    Obj::List(_)
                    | Obj::ByteArray(_)
                    | Obj::Dict(_)
                    | Obj::Set(_)
                    | Obj::Deque(_)
                    | Obj::Namespace(_) => {
                        return Hashed::Unhashable(v);
                    }
                    Obj::View { kind, .. } if *kind != ViewKind::Values => {
                        return Hashed::Unhashable(v);
                    }
                    Obj::BoundMethod { function, this } => {
                        let this = match *this {
                            Value::Obj(id) => id.0.into(),
                            _ => 0,
                        };
                        match self.hash_at(*function, depth + 1) {
                            Hashed::Hash(hash) => no_minus_one(hash ^ this),
                            other => return other,
                        }
                    }
                    Obj::Instance(_) => {
                        let flags = self.flags(v);
                        if flags.unhashable {
                            return Hashed::Unhashable(v);
                        }
                        if flags.hash {
                            return Hashed::Python;
                        }
                        let inner = self.unwrap(v);
                        if inner.is(v) {
                            return by_identity;
                        }
                        return match self.hash_at(inner, depth) {
                            Hashed::Unhashable(inside) if inside.is(inner) => Hashed::Unhashable(v),
                            other => other,
                        };
                    }
                    Obj::Class(_) if self.flags(v).unhashable => return Hashed::Unhashable(v),
                    Obj::Class(_) if self.flags(v).hash => return Hashed::Python,
                    _ => return by_identity,
                }
            }
        })
    }

    fn hash_items(&self, items: &[Value], depth: u32) -> Hashed {
        let mut lanes = Lanes(XX_5);
        for &item in items {
            match self.hash_at(item, depth) {
                Hashed::Hash(hash) => lanes.add(hash),
                other => return other,
            }
        }
        Hashed::Hash(lanes.end(tuple_salt(items.len())))
    }

    fn hash_slice(&self, parts: &[Value], depth: u32) -> Hashed {
        let mut lanes = Lanes(XX_5);
        for &part in parts {
            match self.hash_at(part, depth) {
                Hashed::Hash(hash) => lanes.add(hash),
                other => return other,
            }
        }
        Hashed::Hash(lanes.end(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_cpython() {
        for (x, expected) in [
            (0.5, 1_152_921_504_606_846_976),
            (1e300, 1_224_995_262_755_759_164),
            (0.1, 230_584_300_921_369_408),
            (-0.0, 0),
            (-1.0, -2),
            (f64::INFINITY, 314_159),
        ] {
            assert_eq!(hash_float(x) as i64, expected, "{x}");
        }
        for (n, expected) in [(-1, -2), ((1 << 61) - 1, 0), (-(1 << 61), -2), (7, 7)] {
            assert_eq!(hash_int(n) as i64, expected, "{n}");
        }
        assert_eq!(hash_big(&(BigInt::from(1) << 100)) as i64, 549_755_813_888);
        for (text, expected) in [
            ("", 0),
            ("abc", -4_594_863_902_769_663_758),
            ("é", 6_047_309_291_227_476_195),
            ("日本", 6_243_316_497_235_261_705),
            ("😀x", -8_926_728_262_118_538_918),
        ] {
            assert_eq!(hash_str(text) as i64, expected, "{text}");
        }
        assert_eq!(hash_tuple(&[]) as i64, 5_740_354_900_026_072_187);
        assert_eq!(hash_tuple(&[1, 2]) as i64, -3_550_055_125_485_641_917);
        let mut set = Set::default();
        assert_eq!(hash_set(&set) as i64, 133_146_708_735_736);
        for n in 1..4 {
            set.add(hash_int(n), Value::Int(n), |_| false);
        }
        assert_eq!(hash_set(&set) as i64, -272_375_401_224_217_160);
        let range = |start, stop, step| hash_range(&Range { start, stop, step }) as i64;
        assert_eq!(range(0, 3, 1), -8_338_477_496_398_685_190);
        assert_eq!(range(0, 0, 1), 2_676_694_398_852_732_306);
        assert_eq!(range(5, 6, 1), -7_048_428_680_432_378_585);
    }
}
