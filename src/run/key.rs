//! The part of the options that a token holds.

use super::{Options, Switch, Time};
use crate::explore::{RunKey, SwitchMode};
use crate::kernel::TimeMode;

impl Options {
    /// What a token holds of them.
    pub fn key(&self) -> RunKey {
        RunKey {
            switch: match self.switch {
                Switch::Sync => SwitchMode::Sync,
                Switch::Gil => SwitchMode::Gil,
                Switch::Shared => SwitchMode::Shared,
            },
            time: match self.time {
                Time::Virtual => TimeMode::Virtual,
                Time::Free => TimeMode::Free,
            },
            spurious: self.spurious,
            step_cost: self.step_cost,
            fifo: self.fifo,
            start_time: self.start_time,
            data_seed: self.seed,
        }
    }

    /// Takes over what a token holds.
    pub fn set_key(&mut self, key: &RunKey) {
        let RunKey {
            switch,
            time,
            spurious,
            step_cost,
            fifo,
            start_time,
            data_seed,
        } = *key;
        self.switch = match switch {
            SwitchMode::Sync => Switch::Sync,
            SwitchMode::Gil => Switch::Gil,
            SwitchMode::Shared => Switch::Shared,
        };
        self.time = match time {
            TimeMode::Virtual => Time::Virtual,
            TimeMode::Free => Time::Free,
        };
        self.spurious = spurious;
        self.step_cost = step_cost;
        self.fifo = fifo;
        self.start_time = start_time;
        self.seed = data_seed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back() {
        let options = Options {
            switch: Switch::Gil,
            time: Time::Free,
            spurious: 3,
            step_cost: 7,
            fifo: true,
            start_time: 9,
            seed: 11,
            ..Options::default()
        };
        let mut back = Options::default();
        back.set_key(&options.key());
        assert_eq!(back, options);
    }
}
