"""Several warm children at work at once, each led by a thread that only waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType
from typing import Self, TypeVar

from ingest.worker import Worker

T = TypeVar("T")


class Workers:
    """So many children, each started when first needed. A context manager."""

    def __init__(self, number: int, *, memory_bytes: int) -> None:
        self._number, self._memory = number, memory_bytes
        self._pool: ThreadPoolExecutor | None = None
        self._all: tuple[Worker, ...] = ()
        self._free: SimpleQueue[Worker] = SimpleQueue()

    def submit(self, job: Callable[[Worker], T]) -> Future[T]:
        """Have a job done by the next child that is free: in the order of asking, as many at once as there are."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._number, thread_name_prefix="reader")
            self._all = tuple(Worker(memory_bytes=self._memory) for _ in range(self._number))
            for worker in self._all:
                self._free.put(worker)
        return self._pool.submit(self._done, job)

    def close(self) -> None:
        """End the children. What nobody began is not begun any more; what somebody is at ends with its child."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in self._all:
            worker.kill()
        pool.shutdown(wait=True)
        for worker in self._all:
            worker.close()

    def _done(self, job: Callable[[Worker], T]) -> T:
        worker = self._free.get()
        try:
            return job(worker)
        finally:
            self._free.put(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
