"""The vision tower of the specification (section 3, SCLIP's read-out) in plain torch: what an engineer would write who wants it fast."""
from dataclasses import dataclass

import torch
import torch.nn.functional as F


@dataclass
class Size:
    width: int
    heads: int
    layers: int
    patch: int
    embedding: int


SIZES = {"ViT-B-16": Size(768, 12, 12, 16, 512), "ViT-L-14": Size(1024, 16, 24, 14, 768)}
TINY = {"ViT-B-16": Size(128, 2, 3, 16, 64)}
GRID = 24


class Block(torch.nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.ln1, self.ln2 = torch.nn.LayerNorm(width), torch.nn.LayerNorm(width)
        self.qkv, self.out = torch.nn.Linear(width, 3 * width), torch.nn.Linear(width, width)
        self.fc1, self.fc2 = torch.nn.Linear(width, 4 * width), torch.nn.Linear(4 * width, width)

    def split(self, x):
        batch, tokens, width = x.shape
        return self.qkv(self.ln1(x)).view(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)

    def merge(self, context):
        return self.out(context.transpose(1, 2).flatten(2))

    def mlp(self, x):
        h = self.fc1(self.ln2(x))
        return x + self.fc2(h * torch.sigmoid(1.702 * h))

    def forward(self, x, affinity):
        q, k, v = self.split(x)
        if affinity is None:
            context = F.scaled_dot_product_attention(q, k, v)
        else:
            attention = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1)
            affinity += attention.mean(1)
            context = attention @ v
        return self.mlp(x + self.merge(context))

    def sclip(self, x):
        q, k, v = self.split(x)
        return self.mlp(self.merge(F.scaled_dot_product_attention(q, q, v) + F.scaled_dot_product_attention(k, k, v)))


class Tower(torch.nn.Module):
    """Normalised pixels (S, 3, H, W) to unit patch features (S, n, E), and with `keep` the mean attention (S, n, n) too."""

    def __init__(self, size, grid, keep):
        super().__init__()
        self.size, self.keep = size, keep
        self.patches = torch.nn.Conv2d(3, size.width, size.patch, size.patch, bias=False)
        self.cls = torch.nn.Parameter(torch.randn(size.width) * 0.03)
        self.position = torch.nn.Parameter(torch.randn(grid * grid + 1, size.width) * 0.03)
        self.pre, self.post = torch.nn.LayerNorm(size.width), torch.nn.LayerNorm(size.width)
        self.blocks = torch.nn.ModuleList(Block(size.width, size.heads) for _ in range(size.layers))
        self.projection = torch.nn.Linear(size.width, size.embedding, bias=False)

    def forward(self, pixels):
        x = self.patches(pixels).flatten(2).transpose(1, 2)
        x = self.pre(torch.cat([self.cls.expand(x.shape[0], 1, -1), x], 1) + self.position)
        affinity = x.new_zeros(x.shape[0], x.shape[1], x.shape[1], dtype=torch.float32) if self.keep else None
        for block in self.blocks[:-1]:
            x = block(x, affinity)
        features = F.normalize(self.projection(self.post(self.blocks[-1].sclip(x)))[:, 1:].float(), dim=-1)
        return features if affinity is None else (features, affinity[:, 1:, 1:] / (len(self.blocks) - 1))


def graphed(tower, pixels):
    """The tower's launches on these pixels as one CUDA graph."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            tower(pixels)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        tower(pixels)
    return graph.replay


def run(results):
    device = results.device
    dtype, precision = (torch.float16, "fp16") if device == "cuda" else (torch.float32, "fp32")
    # A compiled tower comes last: compiling takes longer than all measurements.
    ways = [("torch eager, SDPA, no affinity", False, None), ("torch eager, with affinity", True, None), ("torch CUDA graph, SDPA, no affinity", False, "graph"),
            ("torch.compile, SDPA, no affinity", False, "compile"), ("torch.compile, with affinity", True, "compile")]
    for name, size in (TINY if results.tiny else SIZES).items():
        grid = 4 if results.tiny else GRID
        for label, keep, how in ways:
            if how == "graph" and device != "cuda":
                results.leave_out(f"tower {name}, {label}", RuntimeError("there are no CUDA graphs without a GPU"))
                continue
            torch.manual_seed(1)
            tower = Tower(size, grid, keep).to(device, dtype).eval()
            for batch in [2] if results.tiny else [24, 6, 1, 48]:
                what = f"tower {name} batch {batch}, {label}"
                if results.out_of_time(what):
                    continue
                try:
                    if device == "cuda":
                        torch.cuda.reset_peak_memory_stats()
                    pixels = torch.randn(batch, 3, grid * size.patch, grid * size.patch, device=device, dtype=dtype)
                    compiled = torch.compile(tower, dynamic=False) if how == "compile" else tower
                    call = graphed(tower, pixels) if how == "graph" else lambda: compiled(pixels)
                    results.add(f"tower {name}", f"batch {batch}", label, precision, results.time(call), lambda us: batch / (us * 1e-6), "windows/s")
                except Exception as error:      # compilers that are missing or break say so in many types, and the other ways are still to be timed
                    results.leave_out(what, error)
            torch.compiler.reset()
