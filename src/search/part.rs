//! Parts of a search that others can do.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::id::ThreadId;

/// A choice on the way to a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Choice {
    /// This thread stepped.
    #[serde(rename = "t")]
    Thread(ThreadId),
    /// This of the waiters was notified.
    #[serde(rename = "w")]
    Waiter(u32),
}

/// All runs that begin with a path and then a step, less those that begin with the step of one that sleeps.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Part {
    /// From the begin of the program to the node.
    pub path: Vec<Choice>,
    /// The threads whose subtrees at the node are done, or of other parts.
    pub asleep: Vec<ThreadId>,
    /// The thread that steps then.
    pub step: ThreadId,
}

/// The name of a part: what part it was given away by, and which of its parts it is. The whole search has the empty name.
///
/// The order is that in which one worker would take them: older ones first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PartName(pub Vec<u32>);

impl Ord for PartName {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for PartName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartName {
    /// The `n`-th part that this one gave away.
    pub fn child(&self, n: u32) -> PartName {
        let mut name = self.0.clone();
        name.push(n);
        PartName(name)
    }
}
