"""Queues by their classes."""

from multiprocessing import JoinableQueue, Queue, SimpleQueue
from queue import Empty, Full
