//! Reads the tables of values recorded from CPython 3.13, one JSON row a line.

use serde::de::DeserializeOwned;

/// The rows of one table.
pub fn rows<T: DeserializeOwned>(table: &str) -> Vec<T> {
    table
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect()
}

/// A float stored as its bits in hexadecimal, so that nothing is lost.
pub fn float(bits: &str) -> f64 {
    f64::from_bits(u64::from_str_radix(bits, 16).expect("bits in hexadecimal"))
}
