//! Which texts fit a log, read one piece of output at a time.
//!
//! A log is a sequence of [`Token`]s, and a state the set of places in it where a text may have come to: a nondeterministic automaton
//! whose sets of places are numbered as they are met.

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// What a byte is compared with, and where to go on without one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token {
    /// This byte.
    Byte(u8),
    /// Any number of bytes of a kind.
    Loop(Class),
    /// Nothing: goes on both behind it and there.
    Fork(u32),
    /// Nothing: goes on there.
    Goto(u32),
}

/// Bytes of a kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    /// Whatever a line may hold.
    InLine,
    /// What underlines a part of a line in a traceback.
    Marks,
    /// All.
    All,
}

impl Class {
    fn has(self, byte: u8) -> bool {
        match self {
            Class::InLine => byte != b'\n',
            Class::Marks => matches!(byte, b' ' | b'^' | b'~'),
            Class::All => true,
        }
    }
}

/// A state: a set of places, by number.
pub(super) type State = u32;

/// No place at all: nothing fits any more.
pub(super) const DEAD: State = 0;

/// The state before the first byte.
pub(super) const BEGIN: State = 1;

/// An automaton, with the states and moves met so far.
#[derive(Clone, Debug)]
pub(super) struct Automaton {
    tokens: Vec<Token>,
    /// Where a text may end.
    ends: Vec<u32>,
    /// Of what stands behind a line feed only what is furthest counts: having come further is never worse.
    greedy: bool,
    states: IndexSet<Box<[u32]>, FxBuildHasher>,
    moves: FxHashMap<(State, u32), State>,
}

impl Automaton {
    pub(super) fn new(tokens: Vec<Token>, ends: Vec<u32>, greedy: bool) -> Self {
        let mut automaton = Automaton {
            tokens,
            ends,
            greedy,
            states: IndexSet::default(),
            moves: FxHashMap::default(),
        };
        automaton.states.insert([].into());
        let mut begin = Vec::new();
        automaton.reach(&mut begin, 0);
        automaton.number(begin);
        automaton
    }

    /// The state after a text. `name` is a number that stands for the text.
    pub(super) fn after(&mut self, state: State, name: u32, text: &str) -> State {
        if let Some(known) = self.moves.get(&(state, name)) {
            return *known;
        }
        let after = self.read(state, text);
        self.moves.insert((state, name), after);
        after
    }

    /// Whether a text that came to this state may end there.
    pub(super) fn is_end(&self, state: State) -> bool {
        let places = &self.states[state as usize];
        places.iter().any(|place| self.ends.contains(place))
    }

    /// The furthest place of a state.
    pub(super) fn furthest(&self, state: State) -> u32 {
        self.states[state as usize].last().copied().unwrap_or(0)
    }

    fn read(&mut self, state: State, text: &str) -> State {
        let mut places = self.states[state as usize].to_vec();
        let mut next = Vec::new();
        for &byte in text.as_bytes() {
            next.clear();
            for &place in &places {
                let on = match self.tokens.get(place as usize) {
                    Some(Token::Byte(b)) if *b == byte => place + 1,
                    Some(Token::Loop(class)) if class.has(byte) => place,
                    _ => continue,
                };
                self.reach(&mut next, on);
            }
            if self.greedy && byte == b'\n' {
                self.keep_furthest(&places, &mut next);
            }
            std::mem::swap(&mut places, &mut next);
            if places.is_empty() {
                return DEAD;
            }
        }
        self.number(places)
    }

    /// Of the places that a line feed leads to only the furthest, and what is reached from it.
    fn keep_furthest(&self, places: &[u32], next: &mut Vec<u32>) {
        let target = |place: u32| match self.tokens.get(place as usize) {
            Some(Token::Byte(b'\n')) => match self.tokens.get(place as usize + 1) {
                Some(Token::Goto(to)) => Some(*to),
                _ => Some(place + 1),
            },
            Some(Token::Loop(Class::All)) => Some(place),
            _ => None,
        };
        next.clear();
        if let Some(to) = places.iter().copied().filter_map(target).max() {
            self.reach(next, to);
        }
    }

    /// Adds a place, and all that it leads to without a byte.
    fn reach(&self, places: &mut Vec<u32>, place: u32) {
        let mut left = vec![place];
        while let Some(place) = left.pop() {
            if places.contains(&place) {
                continue;
            }
            places.push(place);
            match self.tokens.get(place as usize) {
                Some(Token::Loop(_)) => left.push(place + 1),
                Some(Token::Fork(to)) => left.extend([place + 1, *to]),
                Some(Token::Goto(to)) => left.push(*to),
                Some(Token::Byte(_)) | None => {}
            }
        }
    }

    fn number(&mut self, mut places: Vec<u32>) -> State {
        places.sort_unstable();
        places.dedup();
        self.states.insert_full(places.into()).0 as State
    }
}
