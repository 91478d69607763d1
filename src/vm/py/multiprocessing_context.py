"""Contexts: the ways to start a process."""

from multiprocessing import (
    BaseContext,
    ForkContext,
    ForkProcess,
    Process,
    ProcessError,
    SpawnContext,
    SpawnProcess,
    TimeoutError,
)
