"""Purification of a picture's windows, transcribed from the specification (sections 5 to 9) line by line: one window after the other, dense tensors."""
import math

import numpy
import torch
import torch.nn.functional as F

try:
    from scipy import ndimage
except ImportError:
    ndimage = None


def parts(on, diagonal):
    """Bounding boxes (x0, y0, x1, y1), exclusive ends, of the connected parts of a mask."""
    if ndimage is not None:
        labels, _ = ndimage.label(on, numpy.ones((3, 3)) if diagonal else None)
        return [(xs.start, ys.start, xs.stop, ys.stop) for ys, xs in ndimage.find_objects(labels)]
    found, seen = [], numpy.zeros_like(on)
    steps = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if diagonal or dy == 0 or dx == 0]
    for y, x in zip(*numpy.nonzero(on)):
        if seen[y, x]:
            continue
        seen[y, x], stack, cells = True, [(y, x)], []
        while stack:
            cy, cx = stack.pop()
            cells.append((cy, cx))
            for dy, dx in steps:
                ny, nx = cy + dy, cx + dx
                if 0 <= ny < on.shape[0] and 0 <= nx < on.shape[1] and on[ny, nx] and not seen[ny, nx]:
                    seen[ny, nx] = True
                    stack.append((ny, nx))
        ys, xs = zip(*cells)
        found.append((min(xs), min(ys), max(xs) + 1, max(ys) + 1))
    return found


def boxes(scores):
    """Section 6.1: of each part, and of each hole, clipped to width - 1 and height - 1."""
    h, w = scores.shape
    levels = (scores * numpy.float32(255)).astype(numpy.uint8)
    on = levels > 2 * int(levels.max()) // 5
    found = parts(on, True)
    for x0, y0, x1, y1 in parts(~on, False):
        if x0 > 0 and y0 > 0 and x1 < w and y1 < h:
            found.append((x0 - 1, y0 - 1, x1 + 1, y1 + 1))
    return [(x0, y0, min(x1, w - 1), min(y1, h - 1)) for x0, y0, x1, y1 in found] or [(0, 0, 0, 0)]


def mask(scores):
    inside = numpy.zeros(scores.shape, numpy.float32)
    for x0, y0, x1, y1 in boxes(scores):
        inside[y0:y1, x0:x1] = 1
    return inside


def refine(activation, affinity, grid):
    """Section 6: R (C, n) of Y (C, n) and A (n, n); grid is (h, w)."""
    t = affinity
    for _ in range(3):
        t = t / t.sum(0, keepdim=True)
        t = t / t.sum(1, keepdim=True)
    t = (t + t.T) / 2
    spread = t @ t
    host = activation.cpu().numpy()
    masks = torch.from_numpy(numpy.stack([mask(row.reshape(grid)).ravel() for row in host])).to(activation.device)
    r = (spread @ (masks * activation).T).T
    low, high = r.amin(1, keepdim=True), r.amax(1, keepdim=True)
    return (r - low) / (high - low + 1e-8)


def groups(linked):
    """Connected components of a square 0/1 matrix."""
    left, found = set(range(len(linked))), []
    while left:
        group, stack = [], [min(left)]
        left.remove(stack[0])
        while stack:
            a = stack.pop()
            group.append(a)
            near = sorted((b for b in left if linked[a][b]), reverse=True)
            left.difference_update(near)
            stack.extend(near)
        found.append(group)
    return found


def survivors(p, r, grid, look, tau_r, tau_a):
    """Sections 7 and 8: the classes that are left. look(box, members) gives the scores of these classes in a region."""
    scores = (p * r).sum(1) / (p.sum(1) + r.sum(1) + 1e-8)
    kept = torch.nonzero(scores > tau_r).flatten().tolist()
    if len(kept) < 2:
        return kept
    maps = r[kept]
    least, most = torch.minimum(maps[:, None], maps[None]).sum(-1), torch.maximum(maps[:, None], maps[None]).sum(-1)
    alive = set()
    for group in groups((least / most >= tau_a).tolist()):
        members = [kept[i] for i in group]
        if len(members) == 1:
            alive.update(members)
            continue
        valid = False
        for box in boxes(r[members].mean(0).reshape(grid).cpu().numpy()):
            if box[0] == box[2] or box[1] == box[3]:
                alive.update(members)
                continue
            valid = True
            told = look(box, members)
            alive.add(members[told.index(max(told))])
        if not valid:
            alive.update(members)
    return sorted(alive)


def label(logits, affinity, windows, grid, size, output, look, tau_r=0.05, tau_a=0.7):
    """Labels of a picture: logits (windows, n, C), affinity (windows, n, n)."""
    classes = logits.shape[2]
    total, count = logits.new_zeros(classes, *size), logits.new_zeros(1, *size)
    for z, a, (y0, x0, y1, x1) in zip(logits, affinity, windows):
        p = z.softmax(1).T
        y = (p - p.min()) / (p.max() - p.min())
        r = refine(y, a, grid)
        alive = survivors(p, r, grid, look, tau_r, tau_a)
        gone = torch.ones(classes, dtype=torch.bool)
        gone[alive] = False
        r = r.masked_fill(gone.to(r.device)[:, None], 0)
        total[:, y0:y1, x0:x1] += F.interpolate(r.view(1, classes, *grid), (y1 - y0, x1 - x0), mode="bilinear", align_corners=False)[0]
        count[:, y0:y1, x0:x1] += 1
    return F.interpolate((total / count)[None], output, mode="bilinear", align_corners=False)[0].argmax(0)


def scene(classes, grid, windows, device):
    """The same kind of scene as Scene.java: five classes round places, of which the first two share theirs; near cells see each other."""
    random = numpy.random.default_rng(classes)
    n = grid[0] * grid[1]
    y, x = numpy.divmod(numpy.arange(n), grid[1])
    logits = random.standard_normal((windows, n, classes))
    for window in range(windows):
        places = random.random((5, 2)) * grid
        places[1] = places[0]
        for c in range(5):
            logits[window, :, c] += 8 * numpy.exp(-((y - places[c, 0]) ** 2 + (x - places[c, 1]) ** 2) / (0.0868 * n))
    near = numpy.exp(-((y[:, None] - y) ** 2 + (x[:, None] - x) ** 2) / 8)
    affinity = (near + 0.02 * random.random((windows, n, n))) / n
    return torch.tensor(logits, dtype=torch.float32, device=device), torch.tensor(affinity, dtype=torch.float32, device=device)


def cut(height, width, crop, stride):
    """Section 2."""
    windows = []
    for i in range(max(height - crop + stride - 1, 0) // stride + 1):
        for j in range(max(width - crop + stride - 1, 0) // stride + 1):
            y2, x2 = min(i * stride + crop, height), min(j * stride + crop, width)
            windows.append((max(y2 - crop, 0), max(x2 - crop, 0), y2, x2))
    return windows


def run(results):
    size, output, crop, stride = ((80, 96), (60, 72), 64, 32) if results.tiny else ((448, 597), (375, 500), 384, 112)
    windows, grid = cut(*size, crop, stride), (crop // 16, crop // 16)
    for classes in [6] if results.tiny else [20, 59, 171]:
        what = f"purification {classes} classes"
        if results.out_of_time(what):
            continue
        logits, affinity = scene(classes, grid, len(windows), results.device)
        if results.device == "cuda":
            torch.cuda.reset_peak_memory_stats()
        times = results.time(lambda: label(logits, affinity, windows, grid, size, output, lambda box, members: [-c for c in members]).cpu())
        results.add(what, "all", "torch", "fp32", times, lambda us: us, "us", classes=classes, windows=len(windows), components="scipy" if ndimage else "python")
