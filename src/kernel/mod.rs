//! Threads, synchronisation objects and virtual time, as plain data. Knows no Python.

pub mod op;

/// Placeholder until the kernel lands.
#[derive(Clone, Debug, Default)]
pub struct Kernel;
/// Placeholder until the kernel lands.
#[derive(Clone, Debug, Default)]
pub struct KernelMark;
impl Kernel {
    /// Placeholder.
    pub fn checkpoint(&mut self) -> KernelMark {
        KernelMark
    }
    /// Placeholder.
    pub fn rollback(&mut self, _: &KernelMark) {}
}
