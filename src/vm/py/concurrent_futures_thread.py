"""Pools of threads by their module."""

from concurrent.futures import BrokenThreadPool, ThreadPoolExecutor
