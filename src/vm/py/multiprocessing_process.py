"""Processes by their class."""

from multiprocessing import BaseProcess, active_children, current_process, parent_process
