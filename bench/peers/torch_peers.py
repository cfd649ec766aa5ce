"""What PyTorch does with the same work on the same card: python3 bench/peers/torch_peers.py --out torch.json; freecp bench report draws it beside ours."""
import argparse
import sys

import torch

import purification
import tower
from results import Results


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="torch.json")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--tiny", action="store_true", help="sizes that show that everything runs")
    parser.add_argument("--only", choices=["tower", "purification"])
    options = parser.parse_args()
    if options.device == "cpu" and not options.tiny:
        sys.exit("there is no GPU that torch can use; --tiny shows that everything runs")
    torch.set_grad_enabled(False)
    results = Results(options.out, options.device, options.minutes, options.tiny)
    # The short one first: a tower that is compiled may take all the time there is.
    if options.only != "tower":
        purification.run(results)
    if options.only != "purification":
        tower.run(results)
    results.write()


if __name__ == "__main__":
    main()
