//! Text of numbers and literals exactly as CPython writes and reads it. Pure functions; no heap, no machine.
