"""Results in the form of `freecp bench`, and how they are timed."""
import json
import os
import platform
import time

import torch


class Results:
    """What was measured so far; the file is whole at any time."""

    def __init__(self, path, device, minutes, tiny):
        self.path, self.device, self.tiny = path, device, tiny
        self.end = time.monotonic() + 60 * minutes
        self.results, self.left_out = [], []
        self.machine = {"torch": torch.__version__, "python": platform.python_version()}
        if device == "cuda":
            self.machine.update({"card": torch.cuda.get_device_name(), "CUDA of torch": torch.version.cuda, "cuDNN": torch.backends.cudnn.version()})

    def out_of_time(self, what):
        if time.monotonic() < self.end:
            return False
        self.left_out.append(f"{what}: out of time")
        return True

    def leave_out(self, what, error):
        self.left_out.append(f"{what}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")

    def add(self, group, name, implementation, precision, milliseconds, value, unit, **extra):
        """milliseconds: one number a call. value: of the median's microseconds."""
        times = sorted(1000 * t for t in milliseconds)
        n = len(times)
        median = (times[n // 2] + times[(n - 1) // 2]) / 2
        if self.device == "cuda":
            extra["peak bytes of torch"] = torch.cuda.max_memory_allocated()
        self.results.append({"group": group, "name": name, "implementation": implementation, "precision": precision, "value": value(median), "unit": unit,
                             "microseconds": median, "low": times[n // 4], "high": times[n - 1 - n // 4], "samples": n, "extra": extra})
        print(f"{group:22} {name:26} {implementation:30} {precision:5} {value(median):10.1f} {unit}", flush=True)
        self.write()

    def write(self):
        with open(self.path + ".part", "w") as file:
            json.dump({"schema": 1, "program": "torch", "machine": self.machine, "results": self.results, "left_out": self.left_out}, file, indent=2)
        os.replace(self.path + ".part", self.path)

    def time(self, call, seconds=0.3):
        """Milliseconds of repeated calls, warmed up: by events on a GPU, by the clock elsewhere."""
        for _ in range(1 if self.tiny else 5):
            call()
        once = self._one(call)
        repeats = 2 if self.tiny else int(min(100, max(7, seconds / (once / 1000))))
        if self.device != "cuda":
            return [self._one(call) for _ in range(repeats)]
        events = [torch.cuda.Event(enable_timing=True) for _ in range(repeats + 1)]
        events[0].record()
        for event in events[1:]:
            call()
            event.record()
        torch.cuda.synchronize()
        return [a.elapsed_time(b) for a, b in zip(events, events[1:])]

    def _one(self, call):
        if self.device == "cuda":
            torch.cuda.synchronize()
        start = time.perf_counter()
        call()
        if self.device == "cuda":
            torch.cuda.synchronize()
        return max(1e-3, 1000 * (time.perf_counter() - start))
