"""Holds purification.py against the goldens: python3 bench/peers/check_purification.py test-data/golden/purify"""
import json
import struct
import sys
from pathlib import Path

import numpy
import torch

import purification


def tensors(file):
    """Of a safetensors file."""
    data = file.read_bytes()
    begin = 8 + struct.unpack("<Q", data[:8])[0]
    types = {"F32": numpy.float32, "U8": numpy.uint8}
    header = {name: entry for name, entry in json.loads(data[8:begin]).items() if name != "__metadata__"}
    return {name: torch.from_numpy(numpy.frombuffer(data[begin + e["data_offsets"][0]:begin + e["data_offsets"][1]], types[e["dtype"]]).reshape(e["shape"]).copy())
            for name, e in header.items()}


def answers(told):
    """For each group and box what the tower said of its members."""
    crops, said = iter(told.get("crops", [])), {}
    groups = [[told["rp_kept"][i] for i in group] for group in told.get("groups", []) if len(group) > 1]
    for group, boxes in zip(groups, told.get("ap_boxes", [])):
        for box in boxes:
            if box[0] < box[2] and box[1] < box[3]:
                said[frozenset(group), tuple(box)] = dict(zip(group, next(crops)["scores"]))
    return said


def check(file):
    golden, told = tensors(file.with_suffix(".safetensors")), json.loads(file.read_text())
    grid, background = tuple(golden["cam"].shape[1:]), told["num_background_prompts"]
    p = golden["pixel_logits"].softmax(1).T
    y = (p - p.min()) / (p.max() - p.min())
    r = purification.refine(y[background:], golden["attn"][:-1].mean(0)[1:, 1:], grid)
    error, said = (r - golden["refined"][background:].flatten(1)).abs().max().item(), answers(told)

    def look(box, members):
        scores = said[frozenset(members), box]
        return [scores[c] for c in members]

    kept = purification.survivors(p[background:], r, grid, look, told["rp_thres"], told["ap_thres"])
    right = error < 1e-5 and kept == told["kept"]
    print(f"{file.stem:12} largest error of R {error:.1e}, kept {kept}" + ("" if right else f": WRONG, {told['kept']} is right"))
    return right


if __name__ == "__main__":
    cases = sorted(Path(sys.argv[1]).glob("*.json"))
    sys.exit(0 if cases and all([check(case) for case in cases]) else 1)
