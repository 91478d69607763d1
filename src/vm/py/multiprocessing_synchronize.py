"""Synchronisation objects by their classes."""

from multiprocessing import Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore
