//! SHA-512, with which `random.seed` mixes texts. Source: FIPS 180-4.

/// The constants are the fraction bits of the cube roots of the first 80 primes, the initial state those of the square
/// roots of the first 8: computed rather than listed, by integer roots of the primes shifted.
fn root_bits(prime: u64, cube: bool) -> u64 {
    use num_bigint::BigUint;
    let shift: usize = if cube { 64 * 3 } else { 64 * 2 };
    let root: BigUint = if cube {
        (BigUint::from(prime) << shift).cbrt()
    } else {
        (BigUint::from(prime) << shift).sqrt()
    };
    let low = root & BigUint::from(u64::MAX);
    low.iter_u64_digits().next().unwrap_or(0)
}

fn primes(n: usize) -> Vec<u64> {
    let mut found: Vec<u64> = Vec::with_capacity(n);
    let mut candidate = 2;
    while found.len() < n {
        if found.iter().all(|p| candidate % p != 0) {
            found.push(candidate);
        }
        candidate += 1;
    }
    found
}

/// The digest of a message.
pub fn sha512(message: &[u8]) -> [u8; 64] {
    let primes = primes(80);
    let constants: Vec<u64> = primes.iter().map(|&p| root_bits(p, true)).collect();
    let mut state: Vec<u64> = primes[..8].iter().map(|&p| root_bits(p, false)).collect();
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 128 != 112 {
        padded.push(0);
    }
    padded.extend((message.len() as u128 * 8).to_be_bytes());
    for block in padded.chunks_exact(128) {
        compress(&mut state, block, &constants);
    }
    let mut digest = [0; 64];
    for (bytes, word) in digest.chunks_exact_mut(8).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

fn compress(state: &mut [u64], block: &[u8], constants: &[u64]) {
    let mut words: Vec<u64> = block
        .chunks_exact(8)
        .map(|b| b.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)))
        .collect();
    for i in 16..80 {
        let (a, b) = (words[i - 15], words[i - 2]);
        let s0 = a.rotate_right(1) ^ a.rotate_right(8) ^ (a >> 7);
        let s1 = b.rotate_right(19) ^ b.rotate_right(61) ^ (b >> 6);
        words.push(
            words[i - 16]
                .wrapping_add(s0)
                .wrapping_add(words[i - 7])
                .wrapping_add(s1),
        );
    }
    let mut v: [u64; 8] = std::array::from_fn(|i| state[i]);
    for (word, constant) in words.iter().zip(constants) {
        let [a, b, c, d, e, f, g, h] = v;
        let s1 = e.rotate_right(14) ^ e.rotate_right(18) ^ e.rotate_right(41);
        let choice = (e & f) ^ (!e & g);
        let t1 = h
            .wrapping_add(s1)
            .wrapping_add(choice)
            .wrapping_add(*constant)
            .wrapping_add(*word);
        let s0 = a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39);
        let majority = (a & b) ^ (a & c) ^ (b & c);
        v = [
            t1.wrapping_add(s0.wrapping_add(majority)),
            a,
            b,
            c,
            d.wrapping_add(t1),
            e,
            f,
            g,
        ];
    }
    for (s, x) in state.iter_mut().zip(v) {
        *s = s.wrapping_add(x);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn known_digest() {
        let digest = super::sha512(b"abc");
        assert_eq!(digest[..4], [0xdd, 0xaf, 0x35, 0xa1]);
        assert_eq!(digest[60..], [0xa5, 0x4c, 0xa4, 0x9f]);
    }
}
