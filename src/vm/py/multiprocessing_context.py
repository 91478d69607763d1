"""Contexts: the ways to start a process."""

from multiprocessing import (
    BaseContext,
    ForkContext,
    ForkProcess,
    ForkServerContext,
    ForkServerProcess,
    Process,
    ProcessError,
    SpawnContext,
    SpawnProcess,
    TimeoutError,
)
