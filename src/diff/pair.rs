//! Which threads of two runs are the same thread.
//!
//! Numbers and default names follow the order of creation, which differs between schedules. What does not is who started a thread as
//! which of its children.

use crate::trace::model::Trace;
use crate::trace::order::family;
use std::collections::BTreeMap;

/// For each thread of `a` its counterpart in `b`.
pub(super) fn threads(a: &Trace, b: &Trace) -> Vec<Option<u32>> {
    let (of_a, of_b) = (family(a), family(b));
    let mut found = vec![None; a.threads.len()];
    let mut todo = vec![(of_a.roots.as_slice(), of_b.roots.as_slice())];
    while let Some((list_a, list_b)) = todo.pop() {
        for (x, y) in siblings(a, b, list_a, list_b) {
            found[x as usize] = Some(y);
            todo.push((&of_a.children[x as usize], &of_b.children[y as usize]));
        }
    }
    found
}

/// Pairs among the children of one thread: those of one name in their order, then the others in theirs.
fn siblings(a: &Trace, b: &Trace, list_a: &[u32], list_b: &[u32]) -> Vec<(u32, u32)> {
    let mut by_name: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for &y in list_b.iter().rev() {
        by_name
            .entry(stem(&b.threads[y as usize].name))
            .or_default()
            .push(y);
    }
    let mut pairs = Vec::new();
    let mut left = Vec::new();
    for &x in list_a {
        let same = by_name.get_mut(stem(&a.threads[x as usize].name));
        match same.and_then(Vec::pop) {
            Some(y) => pairs.push((x, y)),
            None => left.push(x),
        }
    }
    let mut rest: Vec<u32> = by_name.into_values().flatten().collect();
    rest.sort_unstable();
    pairs.extend(left.into_iter().zip(rest));
    pairs
}

/// A thread's name without the number that `threading` gave it: `Thread-7 (work)` is `(work)`.
pub(crate) fn stem(name: &str) -> &str {
    let Some(rest) = name.strip_prefix("Thread-") else {
        return name;
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.trim_start()
}
