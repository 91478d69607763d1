//! Strategies, schedules and tokens.
