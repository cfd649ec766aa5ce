"""The plain blocks of a vision tower in torch on a CPU, for `freecp bench cpu`: a batch on each line that comes in, processor and wall seconds on each that goes out."""
import argparse
import sys
import time

import torch

from tower import Block


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in "width", "heads", "layers", "tokens", "threads":
        parser.add_argument("--" + name, type=int, required=True)
    options = parser.parse_args()
    torch.set_grad_enabled(False)
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    blocks = [Block(options.width, options.heads).eval() for _ in range(options.layers)]
    print("torch", torch.__version__, flush=True)
    for line in sys.stdin:
        x = torch.randn(int(line), options.tokens, options.width)
        processor, wall = time.process_time(), time.perf_counter()
        for block in blocks:
            x = block(x, None)
        print(time.process_time() - processor, time.perf_counter() - wall, flush=True)


if __name__ == "__main__":
    main()
