//! Which elements of two sequences belong together.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Elements that are looked at together. What the algorithm takes grows with the square of it where nothing fits, and a part that
/// is longer and stands in one sequence only may be missed; so much for a bounded time, which a clock must not decide.
const WINDOW: usize = 512;

/// The positions of equal elements, in order in both sequences: a longest such list where the sequences differ little, a good one
/// where they differ much.
pub(super) fn align(a: &[u32], b: &[u32]) -> Vec<(u32, u32)> {
    let alike = |(x, y): &(&u32, &u32)| x == y;
    let head = a.iter().zip(b).take_while(alike).count();
    let rests = (&a[head..], &b[head..]);
    let backwards = rests.0.iter().rev().zip(rests.1.iter().rev());
    let tail = backwards.take_while(alike).count();
    let (a_end, b_end) = (a.len() - tail, b.len() - tail);

    let mut pairs = Vec::with_capacity(head + tail);
    run(&mut pairs, 0, 0, head);
    let (mut a_at, mut b_at) = (head, head);
    while a_at < a_end && b_at < b_end {
        let a_window = &a[a_at..a_end.min(a_at + WINDOW)];
        let b_window = &b[b_at..b_end.min(b_at + WINDOW)];
        let last = a_at + a_window.len() == a_end && b_at + b_window.len() == b_end;
        let mut next = (0, 0);
        for op in capture_diff_slices(Algorithm::Myers, a_window, b_window) {
            if let DiffOp::Equal {
                old_index,
                new_index,
                len,
            } = op
            {
                run(&mut pairs, a_at + old_index, b_at + new_index, len);
                next = (old_index + len, new_index + len);
            }
        }
        // What follows the last equal elements is looked at again with what comes after it.
        let least = if last || next == (0, 0) {
            WINDOW
        } else {
            WINDOW / 2
        };
        a_at += next.0.max(least.min(a_window.len()));
        b_at += next.1.max(least.min(b_window.len()));
    }
    run(&mut pairs, a_end, b_end, tail);
    pairs
}

fn run(pairs: &mut Vec<(u32, u32)>, a: usize, b: usize, len: usize) {
    pairs.extend((0..len).map(|i| ((a + i) as u32, (b + i) as u32)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &[u32], b: &[u32]) -> Vec<(u32, u32)> {
        let pairs = align(a, b);
        assert!(pairs.iter().all(|&(i, j)| a[i as usize] == b[j as usize]));
        assert!(pairs.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1));
        pairs
    }

    #[test]
    fn common_sequences_are_found() {
        assert_eq!(
            check(&[1, 2, 3, 4], &[1, 3, 5, 4]),
            [(0, 0), (2, 1), (3, 3)]
        );
        assert_eq!(check(&[], &[1]), []);
        assert_eq!(check(&[7; 3], &[7; 5]).len(), 3);
    }

    #[test]
    fn long_sequences_stay_in_step() {
        let a: Vec<u32> = (0..100_000).collect();
        let mut b: Vec<u32> = a.iter().copied().filter(|n| n % 50 != 0).collect();
        b.splice(40_000..40_000, 200_000..200_200);
        assert_eq!(check(&a, &b).len(), 98_000);
    }

    #[test]
    fn nothing_in_common_takes_no_time() {
        let a: Vec<u32> = (0..100_000).collect();
        let b: Vec<u32> = (200_000..300_000).collect();
        assert_eq!(check(&a, &b), []);
    }

    proptest::proptest! {
        #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

        #[test]
        fn pairs_are_equal_and_in_order(a in proptest::collection::vec(0_u32..4, 0..1500), b in proptest::collection::vec(0_u32..4, 0..1500)) {
            check(&a, &b);
            let whole = check(&a, &a);
            proptest::prop_assert_eq!(whole.len(), a.len());
        }
    }
}
